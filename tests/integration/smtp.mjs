// A mail server (npm: smtp-server) that answers by a script.
//   node smtp.mjs FILE '{"tls": [key, cert] | null, "implicit": false, "user": "…" | null, "password": "…",
//                        "replies": [[451, "later"], null], "refuse": ["nobody@…"]}'
// Prints the port of 127.0.0.1, then appends {from, to, user, secure, text} to FILE as one JSON line a mail that came,
// taken or not. `replies`: to the data, one a mail; null takes it; the last one repeats.
import { appendFileSync, readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const [file, given] = process.argv.slice(2);
const script = { tls: null, implicit: false, user: null, replies: [null], refuse: [], ...JSON.parse(given) };
let count = 0;

function failure([code, words]) {
  return Object.assign(new Error(words), { responseCode: code });
}

const server = new SMTPServer({
  secure: script.implicit,
  ...(script.tls ? { key: readFileSync(script.tls[0]), cert: readFileSync(script.tls[1]) } : {}),
  disabledCommands: script.tls ? [] : ["STARTTLS"],
  authOptional: !script.user,
  allowInsecureAuth: false,
  onAuth(auth, _session, done) {
    const good = auth.username === script.user && auth.password === script.password;
    done(good ? null : failure([535, "no"]), { user: auth.username });
  },
  onRcptTo(address, _session, done) {
    done(script.refuse.includes(address.address) ? failure([550, "there is nobody of this name"]) : null);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      const reply = script.replies[Math.min(count++, script.replies.length - 1)];
      const line = {
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((one) => one.address),
        user: session.user ?? null,
        secure: session.secure,
        text: Buffer.concat(chunks).toString("latin1"),
      };
      appendFileSync(file, JSON.stringify(line) + "\n");
      done(reply ? failure(reply) : null);
    });
  },
});
server.on("error", (error) => console.error(error.message));
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
