// A bad network in front of AppSync's realtime endpoint: sockets are dropped and frozen, and the frames of events lost,
// repeated and reordered, on a schedule that a seed decides.
import { once } from 'node:events';
import http from 'node:http';
import WebSocket, { WebSocketServer } from 'ws';

import { seeded } from '../web/build/test/world.js';

const deafness = 3_000; // ms after start_ack in which no event comes through

/** faults proxies a realtime endpoint, and answers its own. */
export async function faults(realtime, seed) {
  const target = realtime.replace('http://', 'ws://').replace(/\/graphql$/, '');
  const random = seeded(seed);
  const counts = { sockets: 0, dropped: 0, frozen: 0, passed: 0, lost: 0, repeated: 0, late: 0 };
  const network = { between: (least, most) => least + random() * (most - least), random, counts, silent: false };
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'graphql-ws' });
  const server = http.createServer((_, res) => res.writeHead(404).end());
  server.on('upgrade', (req, socket, head) => {
    const protocols = req.headers['sec-websocket-protocol']?.split(/, */) ?? [];
    const upstream = new WebSocket(target + req.url, protocols);
    sockets.handleUpgrade(req, socket, head, (client) => new Relay(network, client, upstream));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}/graphql`,
    counts,
    /** From now on sockets live, and no event comes through. */
    silence: () => void (network.silent = true),
    close() {
      for (const client of sockets.clients) client.terminate();
      server.close();
    },
  };
}

/** Relay is one connection through the network. */
class Relay {
  constructor(network, client, upstream) {
    Object.assign(this, { network, client, upstream, deafUntil: 0, toSend: [] });
    network.counts.sockets++;
    client.on('message', (data) => (upstream.readyState === WebSocket.OPEN ? upstream.send(String(data)) : this.toSend.push(String(data))));
    upstream.on('open', () => this.toSend.forEach((data) => upstream.send(data)));
    upstream.on('message', (data) => this.down(String(data)));
    for (const [end, other] of [[client, upstream], [upstream, client]]) {
      end.on('close', () => this.end());
      end.on('error', () => other.terminate());
    }
    this.timer = setTimeout(() => this.misbehave(), network.between(4_000, 8_000));
  }

  end() {
    clearTimeout(this.timer);
    this.client.terminate();
    this.upstream.terminate();
  }

  /** Drops the socket, or freezes both directions first; a frozen one may come back. Each happens once at least. */
  misbehave() {
    const { network } = this;
    const { counts } = network;
    if (network.silent) return;
    if (counts.frozen > 0 && network.random() < 0.5) return this.drop();
    counts.frozen++;
    this.client.pause();
    this.upstream.pause();
    this.timer = setTimeout(() => {
      if (counts.dropped === 0 || network.random() < 0.5) return this.drop();
      this.client.resume();
      this.upstream.resume();
      this.timer = setTimeout(() => this.misbehave(), network.between(2_000, 5_000));
    }, network.between(1_000, 3_000));
  }

  drop() {
    this.network.counts.dropped++;
    this.end();
  }

  /** Passes on a frame of the server: all but events come through. */
  down(text) {
    const { type } = JSON.parse(text);
    if (type === 'start_ack') this.deafUntil = Date.now() + deafness;
    if (type === 'data') return this.event(text);
    this.send(text);
  }

  event(text) {
    const { counts, between, random, silent } = this.network;
    const fate = random();
    if (silent || Date.now() < this.deafUntil || fate < 0.1) return void counts.lost++;
    if (fate < 0.2) {
      counts.repeated++;
      setTimeout(() => this.send(text), between(0, 500));
    } else if (fate < 0.35) {
      counts.late++;
      return void setTimeout(() => this.send(text), between(20, 400));
    }
    counts.passed++;
    this.send(text);
  }

  send(text) {
    if (this.client.readyState === WebSocket.OPEN) this.client.send(text);
  }
}
