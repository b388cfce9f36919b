/** Most texts that are remembered: beyond, all are forgotten. */
const MAX_TEXTS = 10_000;

const TWO_16 = 0x1_0000;

/** Texts of IPv4 addresses with ports. A capture repeats a few of them in every packet. */
export class AddressTexts {
  readonly #texts = new Map<number, string>();

  /** `127.0.0.1:9300` @param bytes the address begins at `at` */
  ipv4(bytes: Buffer, at: number, port: number): string {
    const key = bytes.readUInt32BE(at) * TWO_16 + port;
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const text = `${bytes.subarray(at, at + 4).join('.')}:${port}`;
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear();
    this.#texts.set(key, text);
    return text;
  }
}
