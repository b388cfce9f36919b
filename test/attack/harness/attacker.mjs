// The attacking side: runs the attack of one file on raw sockets, with a bound on the bytes it sends.
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { answer, argument, ready, sleep } from './child.mjs';
import { FrameSplitter, handshake, response, STATUS, transportHandshake } from './wire.mjs';
import { handshakeAnswers } from './recorded.mjs';

const SLICE_BYTES = 32 * 1024;
const PAUSE_MS = 5;
const SIP_MS = 100;

const { file, folder, host, isQuick, bytesPerSecond, certificate } = argument();
const { attack } = await import(file);

/** A connection of the attacker. Errors are expected; after the end nothing is sent. */
class RawSocket {
  /** Frames that came. */
  frames = 0;
  received = 0;
  isOpen = true;
  #socket;
  #attacker;
  #listeners = [];
  #ended;

  constructor(socket, attacker) {
    this.#socket = socket;
    this.#attacker = attacker;
    const splitter = new FrameSplitter((found) => {
      this.frames++;
      for (const listener of this.#listeners) listener(found);
    });
    socket.on('data', (chunk) => {
      this.received += chunk.length;
      if (this.#listeners.length > 0) splitter.push(chunk);
    });
    socket.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      socket.on('close', () => {
        this.isOpen = false;
        resolve();
      });
    });
    socket.on('end', () => socket.destroy());
  }

  /** Settles when the connection is over. */
  get ended() {
    return this.#ended;
  }

  /** Sends bytes as fast as the budget of the attacker allows, and no faster than they leave. */
  async send(bytes) {
    for (let at = 0; at < bytes.length && this.isOpen && !this.#attacker.isOver; at += SLICE_BYTES) {
      const slice = bytes.subarray(at, at + SLICE_BYTES);
      await this.#attacker.pay(slice.length);
      if (!this.isOpen) return;
      if (this.#socket.write(slice)) continue;
      await Promise.race([new Promise((resolve) => this.#socket.once('drain', resolve)), this.#ended, this.#attacker.over]);
    }
  }

  /** Sends a few bytes now. */
  poke(bytes) {
    this.#attacker.sent += bytes.length;
    if (this.isOpen) this.#socket.write(bytes);
  }

  /** Never reads again. */
  deafen() {
    this.#socket.pause();
  }

  /** Reads a little: what has come in one piece. */
  async sip() {
    this.#socket.resume();
    await Promise.race([new Promise((resolve) => this.#socket.once('data', resolve)), this.#ended, sleep(SIP_MS)]);
    this.#socket.pause();
  }

  onFrame(listener) {
    this.#listeners.push(listener);
  }

  /** Settles when a frame comes that passes a test, and with null when the connection is over. */
  frame(passes) {
    return Promise.race([
      new Promise((resolve) => {
        this.onFrame((found) => {
          if (passes(found)) resolve(found);
        });
      }),
      this.#ended.then(() => null),
      this.#attacker.over.then(() => null),
    ]);
  }

  close() {
    this.#socket.destroy();
  }

  reset() {
    this.#socket.resetAndDestroy();
  }
}

/** What an attack works with. */
class Attacker {
  isQuick = isQuick;
  /** Folder of the package under attack. */
  folder = folder;
  /** Bytes sent by all sockets. */
  sent = 0;
  isOver = false;
  sockets = new Set();
  port = 0;
  #allowance = 0;
  #paidAt = 0;
  #end;
  over = new Promise((resolve) => {
    this.#end = resolve;
  });
  #server = null;

  /** Waits until so many bytes may be sent. */
  async pay(bytes) {
    this.sent += bytes;
    this.#allowance -= bytes;
    while (!this.isOver) {
      const now = performance.now();
      this.#allowance = Math.min(this.#allowance + ((now - this.#paidAt) * bytesPerSecond) / 1000, SLICE_BYTES);
      this.#paidAt = now;
      if (this.#allowance >= 0) return;
      await sleep(Math.min(PAUSE_MS, (-this.#allowance * 1000) / bytesPerSecond));
    }
  }

  /** Connects; null when that fails. */
  async dial({ isTls = false, isShy = false } = {}) {
    const plain = connect({ host: '127.0.0.1', port: this.port, noDelay: true, localAddress: host });
    const socket = isTls ? connectTls({ socket: plain, ca: certificate.ca, servername: 'localhost' }) : plain;
    const raw = new RawSocket(socket, this);
    if (!isShy) this.#keep(raw);
    plain.on('error', () => undefined);
    const connected = await Promise.race([
      new Promise((resolve) => socket.once(isTls ? 'secureConnect' : 'connect', () => resolve(true))),
      raw.ended,
      this.over,
    ]);
    if (connected === true) return raw;
    raw.close();
    return null;
  }

  #keep(raw) {
    this.sockets.add(raw);
    void raw.ended.then(() => this.sockets.delete(raw));
  }

  /** Connects and shakes hands as a node does. */
  async dialAsNode(options) {
    const socket = await this.dial(options);
    if (socket === null) return null;
    const answered = socket.frame(({ id }) => id === 1n);
    await socket.send(handshake(1));
    if ((await answered) === null) return null;
    const answeredAgain = socket.frame(({ id }) => id === 2n);
    await socket.send(transportHandshake(2));
    return (await answeredAgain) === null ? null : socket;
  }

  /** Does something again and again until the attack is over, so many times at once. What fails waits a moment. */
  async repeat(times, work) {
    const one = async (index) => {
      for (let round = 0; !this.isOver; round++) {
        const began = performance.now();
        const isDone = await Promise.race([Promise.resolve(work(index, round)).then((value) => value !== null), this.over]);
        if (isDone !== true) await this.sleep(50);
        else if (performance.now() - began < 0.5 && round % 16 === 15) await this.sleep(0);
      }
    };
    await Promise.all(Array.from({ length: times }, (_, index) => one(index)));
  }

  /** Asks the same again and again, each time as a new node that waits for its answer. */
  askAgain(times, bytes) {
    return this.repeat(times, async () => {
      const socket = await this.dialAsNode();
      if (socket === null) return null;
      const answered = socket.frame(({ id }) => id === 1n);
      await socket.send(bytes);
      await answered;
      socket.close();
    });
  }

  /** Sends the same again and again as fast as it may, as so many nodes at once. */
  flood(times, bytes, { isDeaf = false } = {}) {
    return this.repeat(times, async () => {
      const socket = await this.dialAsNode();
      if (socket === null) return null;
      if (isDeaf) socket.deafen();
      while (socket.isOpen && !this.isOver) await socket.send(bytes);
    });
  }

  sleep(ms) {
    return Promise.race([sleep(ms), this.over]);
  }

  /** Listens as a hostile node; connections that come are told. Returns the port. */
  async listen(onSocket) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      const raw = new RawSocket(socket, this);
      this.#keep(raw);
      onSocket(raw);
    });
    await new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return this.#server.address().port;
  }

  begin(port) {
    this.port = port;
    this.#paidAt = performance.now();
  }

  end() {
    this.isOver = true;
    this.#end(null);
    for (const socket of this.sockets) socket.close();
    this.#server?.close();
  }
}

const attacker = new Attacker();
const payload = await attack.prepare?.(attacker);
/** A hostile node has shaken hands before the attack begins: the attacked client is connected to it. */
let isHostile = false;
const port = attack.onRequest === undefined ? 0 : await attacker.listen(serveAsNode);

answer({
  begin: async ({ port: victimPort, ms }) => {
    attacker.begin(victimPort);
    isHostile = true;
    const running = Promise.resolve(attack.run?.(attacker, payload));
    // A failure of the attack itself must not look like a victim that holds.
    let failure = null;
    running.catch((error) => {
      failure = error;
    });
    await sleep(ms);
    attacker.end();
    await Promise.race([running.catch(() => undefined), sleep(500)]);
    if (failure !== null) throw new Error('the attack itself failed', { cause: failure });
    return { sent: attacker.sent };
  },
});
ready({ port });

/** Answers handshakes as 3.9.0 does. Every other request goes to the attack once that has begun, and is answered plainly before. */
function serveAsNode(socket) {
  socket.onFrame(({ ping, id, status, action }) => {
    if (ping || (status & STATUS.response) !== 0) return;
    if (isHostile && attack.onRequest({ socket, id, action, attacker, payload }) !== undefined) return;
    const recorded = handshakeAnswers(action);
    if (recorded !== null) {
      const copy = Buffer.from(recorded);
      copy.writeBigInt64BE(id, 6);
      socket.poke(copy);
    } else if (!isHostile) socket.poke(response(id, attack.plainAnswer ?? Buffer.of(1, 0x78)));
  });
}
