// A mail server on this machine that takes every letter and keeps it.
import { createServer } from 'node:net';

export class Mail {
  static start() {
    return new Promise((resolve, reject) => {
      const mail = new Mail();
      mail.letters = [];
      mail.server = createServer((socket) => mail.talk(socket));
      mail.server.on('error', reject);
      mail.server.listen(0, '127.0.0.1', () => resolve(mail));
    });
  }

  get env() {
    return {
      SIGHTLINE_MAIL_URL: `smtp://127.0.0.1:${this.server.address().port}`,
      SIGHTLINE_MAIL_FROM: 'Sightline <bi@example.org>',
    };
  }

  talk(socket) {
    let waiting = '';
    let letter = null;
    let to = '';
    socket.write('220 here\r\n');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      waiting += chunk;
      for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        if (letter !== null) {
          if (line !== '.') {
            letter += `${line}\n`;
            continue;
          }
          this.letters.push({ to, text: readable(letter) });
          letter = null;
          socket.write('250 taken\r\n');
        } else if (/^RCPT TO:/i.test(line)) {
          to = line.match(/<(.*)>/)[1];
          socket.write('250 known\r\n');
        } else if (/^DATA$/i.test(line)) {
          letter = '';
          socket.write('354 go on\r\n');
        } else if (/^QUIT$/i.test(line)) {
          socket.end('221 bye\r\n');
        } else {
          socket.write('250 so be it\r\n');
        }
      }
    });
  }

  async letterTo(address) {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const found = this.letters.findLast((letter) => letter.to === address);
      if (found) return found.text;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no letter came to ${address}`);
  }

  stop() {
    this.server.close();
  }
}

// Quoted-printable, as letters with other than ASCII letters come.
function readable(text) {
  if (!text.includes('quoted-printable')) return text;
  const bytes = text.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
