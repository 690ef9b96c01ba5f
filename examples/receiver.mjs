// Receives the desk's webhooks and takes only what the desk has signed. Put TLS in front of it.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");
const same = (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

createServer(async (request, response) => {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": given = "" } = request.headers;
  const body = Buffer.concat(await Array.fromAsync(request));
  const hmac = createHmac("sha256", key).update(`${id}.${at}.`).update(body);
  const right = `v1,${hmac.digest("base64")}`;
  const isOurs = given.split(" ").some((one) => same(one, right));
  const isFresh = Math.abs(Date.now() / 1000 - at) < 300;
  if (isOurs && isFresh) console.log(id, body.toString());
  response.writeHead(isOurs && isFresh ? 204 : 401).end();
}).listen(process.env.PORT ?? 8080, "127.0.0.1");
