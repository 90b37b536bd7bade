const MOST = 12; // parts kept; those far away go, and are fetched again

/** Return the response of an address; an Error in the server's words where it refuses. */
export async function asked(address) {
  let response;
  try {
    response = await fetch(address);
  } catch {
    throw new Error("Pinpoint does not answer; is it still running?");
  }
  if (!response.ok) throw new Error(await response.text());
  return response;
}

/** Return the element that an address gives. */
async function fetched(address) {
  const text = await (await asked(address)).text();
  // The server has escaped all that is the document's.
  const made = document.createElement("template");
  made.innerHTML = text;
  return made.content.firstElementChild;
}

/** The parts of a long document in one box of the page, fetched as one comes near them. */
export class Parts {
  constructor(box) {
    this.box = box;
    this.busy = null; // what is being fetched; two requests may be for the same address
  }

  get all() {
    return [...this.box.children];
  }

  /** Show the part at an address in the place of all others; null if another was asked for since. */
  async show(address) {
    const mine = (this.busy = Symbol(address));
    try {
      const part = await fetched(address);
      if (this.busy !== mine) return null;
      this.box.replaceChildren(part);
      return part;
    } finally {
      this.#done(mine);
    }
  }

  /** Fetch what is before (-1) or after (1) the parts that are there; tell whether something was. */
  async extend(by) {
    const edge = by < 0 ? this.box.firstElementChild : this.box.lastElementChild;
    const address = by < 0 ? edge?.dataset.before : edge?.dataset.after;
    if (!address || this.busy || this.box.hidden) return false;
    const mine = (this.busy = Symbol(address));
    try {
      const part = await fetched(address);
      // Of a box that was hidden meanwhile, the place could not be kept.
      if (this.busy !== mine || this.box.hidden) return false;
      this.#keepingPlace(edge, () => (by < 0 ? edge.before(part) : edge.after(part)));
      while (this.all.length > MOST) {
        const far = by < 0 ? this.box.lastElementChild : this.box.firstElementChild;
        this.#keepingPlace(part, () => far.remove());
      }
    } finally {
      this.#done(mine);
    }
    return true;
  }

  /** Fetch as long as there is less than a window's height before or behind what is in view. */
  async fill() {
    // Each side again after the other: one may have scrolled there while the other was fetched.
    for (let more = true; more; ) {
      more = false;
      for (const by of [-1, 1]) if (this.#near(by) && (await this.extend(by))) more = true;
    }
  }

  /** The part that the reader looks at, with how much of it is above the window's middle. */
  get current() {
    const middle = innerHeight / 2;
    const part =
      this.all.find((one) => one.getBoundingClientRect().bottom > middle) ?? this.box.lastElementChild;
    if (!part) return null;
    const { top, height } = part.getBoundingClientRect();
    return { part, share: Math.min(1, Math.max(0, (middle - top) / (height || 1))) };
  }

  #done(fetch) {
    if (this.busy === fetch) this.busy = null;
  }

  #near(by) {
    const { top, bottom } = this.box.getBoundingClientRect();
    return by < 0 ? top > -innerHeight : bottom < 2.4 * innerHeight;
  }

  #keepingPlace(element, change) {
    const before = element.getBoundingClientRect().top;
    change();
    scrollBy({ top: element.getBoundingClientRect().top - before, behavior: "instant" });
  }
}
