// Starts the real binary on an empty data folder and stops it again.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = process.env.SIGHTLINE_BIN;

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Server {
  constructor(folder, port, host) {
    this.folder = folder;
    this.port = port;
    this.url = `http://${host}:${port}`;
    this.output = '';
  }

  // `host`: what people type; passkeys need a name.
  static async start({ demo = false, env = {}, host = '127.0.0.1' } = {}) {
    if (!binary) throw new Error('SIGHTLINE_BIN names no server; `cargo xtask e2e` sets it');
    const server = new Server(mkdtempSync(join(tmpdir(), 'sightline-e2e-')), await freePort(), host);
    await server.launch({ demo, env });
    return server;
  }

  // Also used to start again on the same data.
  async launch({ demo = false, env = {} } = {}) {
    this.output = '';
    const words = ['serve', '--data', this.folder, '--listen', `127.0.0.1:${this.port}`, ...(demo ? ['--demo'] : [])];
    this.child = spawn(binary, words, {
      env: { ...process.env, DATABASE_URL: '', SIGHTLINE_PUBLIC_URL: this.url, SIGHTLINE_RATE_SIGN_IN_ADDRESS: '0', SIGHTLINE_RATE_SHARE_WRONG: '0', SIGHTLINE_LOG: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((_, reject) =>
      this.child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${this.output}`))),
    );
    ended.catch(() => {});
    const ready = new Promise((resolve) => {
      const read = (chunk) => {
        this.output += chunk;
        if (/ready at http/.test(this.output)) setTimeout(resolve, 100);
      };
      this.child.stdout.on('data', read);
      this.child.stderr.on('data', read);
    });
    await Promise.race([ready, ended]);
  }

  // The one-time link in the server's own output: to set it up, or (with the sample) to sign in.
  get link() {
    const found = this.output.match(/works once\): (\S+)/);
    if (!found) throw new Error(`the server printed no link:\n${this.output}`);
    return found[1];
  }

  kill() {
    return new Promise((resolve) => {
      this.child.once('exit', resolve);
      this.child.kill('SIGKILL');
    });
  }

  stop() {
    return new Promise((resolve) => {
      this.child.once('exit', () => {
        rmSync(this.folder, { recursive: true, force: true });
        resolve();
      });
      this.child.kill('SIGTERM');
    });
  }
}
