// What a program does over REST, for journeys that are not about making dashboards.
import { expect, request } from '@playwright/test';

import { OWNER } from './people.js';

export class Api {
  // `calls`: a request context that is signed in, for example a page's own.
  constructor(calls, server, workspace = 'acme') {
    this.calls = calls;
    this.server = server;
    this.workspace = workspace;
  }

  // The first person of an empty server.
  static async setUp(server) {
    const calls = await request.newContext();
    const api = new Api(calls, server);
    const token = new URL(server.link).searchParams.get('token');
    await api.send('POST', '/api/v1/setup', { ...OWNER, token });
    return api;
  }

  // Of the workspace; the answer's JSON, or null.
  async call(method, path, body, status) {
    return this.send(method, `/api/v1/workspaces/${this.workspace}${path}`, body, status);
  }

  async send(method, path, body, status) {
    const answer = await this.calls.fetch(`${this.server.url}${path}`, { method, headers: { origin: this.server.url }, data: body });
    const text = await answer.text();
    if (status) expect(answer.status(), `${method} ${path}: ${text}`).toBe(status);
    else expect(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`).toBe(true);
    return text ? JSON.parse(text) : null;
  }

  async upload(name, text) {
    const answer = await this.calls.post(`${this.server.url}/api/v1/workspaces/${this.workspace}/datasets`, {
      headers: { origin: this.server.url },
      multipart: { file: { name, mimeType: 'text/csv', buffer: Buffer.from(text) } },
    });
    expect(answer.status(), await answer.text()).toBe(201);
    return answer.json();
  }

  async datasets() {
    return (await this.call('GET', '/datasets')).items;
  }

  async dispose() {
    await this.calls.dispose();
  }
}
