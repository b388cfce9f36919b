/** The view of the memory that reads last delivered. The decoders of an endpoint share it: sockets share one read buffer, and idle connections need no view of their own. */
export class SharedView {
  #memory: ArrayBufferLike | null = null;
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** Returns a view of a whole memory, the same one for the same memory. */
  of(memory: ArrayBufferLike): DataView {
    if (memory !== this.#memory) {
      this.#memory = memory;
      this.#view = new DataView(memory);
    }
    return this.#view;
  }
}
