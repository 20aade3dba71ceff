// A site of its own, at an origin of its own, that frames dashboards: it signs tickets on its server, sets the frame's
// height from what the frame reports, and gives the frame a new ticket when it asks.
import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

// A JWT, signed with an HS256 key of the workspace.
export function sign(key, claims) {
  const signed = `${part({ alg: 'HS256', typ: 'JWT', kid: key.kid })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', key.secret).update(signed).digest('base64url')}`;
}

export class Host {
  // `localhost` and 127.0.0.1 are two sites to a browser: cookies of the framed server would be a third party's.
  static async start(server) {
    const host = new Host();
    host.server = server;
    host.tickets = true;
    host.http = createServer((request, response) => host.answer(request, response));
    await new Promise((resolve) => host.http.listen(0, '127.0.0.1', resolve));
    host.origin = `http://localhost:${host.http.address().port}`;
    return host;
  }

  // What a right ticket says, with changes.
  claims(changes = {}) {
    const now = Math.floor(Date.now() / 1000);
    return { iss: 'host', aud: this.server.url, jti: randomUUID(), iat: now, exp: now + 300, res: { id: this.embed.id }, ...changes };
  }

  ticket(changes) {
    return sign(this.key, this.claims(changes));
  }

  // Address of the frame.
  frame(ticket = this.ticket(), state = '') {
    return `${this.embed.url}?${state ? `${state}&` : ''}ticket=${ticket}`;
  }

  // The page around a frame.
  page(frame = this.frame()) {
    return `${this.origin}/?frame=${encodeURIComponent(frame)}`;
  }

  answer(request, response) {
    const address = new URL(request.url, this.origin);
    if (address.pathname === '/ticket') {
      response.writeHead(this.tickets ? 200 : 503).end(this.tickets ? this.ticket(this.renewal) : '');
    } else if (address.pathname === '/') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(address.searchParams.get('frame'), this.server.url));
    } else {
      response.writeHead(404).end();
    }
  }

  stop() {
    this.http.closeAllConnections();
    return new Promise((resolve) => this.http.close(resolve));
  }
}

function page(frame, origin) {
  const escaped = frame.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html>
<title>A portal</title>
<h1>Our numbers</h1>
<iframe title="Orders" src="${escaped}" width="1000" height="100"></iframe>
<script>
  const frame = document.querySelector('iframe');
  const origin = ${JSON.stringify(origin)};
  window.messages = [];
  addEventListener('message', async (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    const { method, params } = event.data;
    window.messages.push(event.data);
    if (method === 'resized') frame.height = params.h;
    if (method === 'auth.expiring') {
      const answer = await fetch('/ticket');
      if (!answer.ok) return;
      const message = { jsonrpc: '2.0', v: 1, id: 1, method: 'setToken', params: { token: await answer.text() } };
      frame.contentWindow.postMessage(message, origin);
    }
  });
</script>`;
}
