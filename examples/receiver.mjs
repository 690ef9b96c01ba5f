// Receives the desk's webhooks and takes only what the desk has signed. Put TLS in front of it.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");

function isFromTheDesk(head, body) {
  const { "webhook-id": id, "webhook-timestamp": sentAt, "webhook-signature": given = "" } = head;
  const hmac = createHmac("sha256", key).update(`${id}.${sentAt}.`).update(body);
  const right = Buffer.from(`v1,${hmac.digest("base64")}`);
  const isFresh = Math.abs(Date.now() / 1000 - Number(sentAt)) < 300;
  const isRight = (one) => one.length === right.length && timingSafeEqual(one, right);
  return isFresh && given.split(" ").map((one) => Buffer.from(one)).some(isRight);
}

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts);
    const isOurs = isFromTheDesk(request.headers, body);
    // A message may come twice: take each webhook-id only once.
    if (isOurs) console.log(request.headers["webhook-id"], body.toString());
    response.writeHead(isOurs ? 204 : 401).end();
  });
});
server.listen(process.env.PORT ?? 8080, "127.0.0.1");
