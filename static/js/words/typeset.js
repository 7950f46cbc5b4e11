// Parts on the page: sentences as text, equations as MathML, cut into pieces where a line may break.
// What is said of an equation is hidden text beside it, since not every screen reader knows MathML.

import { BREAK, numbers, shape, tone, written } from "./words.js";
import { term as explained } from "./glossary.js";
import { aloud } from "./speech.js";

/** @typedef {import("./words.js").Part} Part */
/** @typedef {import("./words.js").Value} Value */
/** @typedef {import("./words.js").Symbol_} Symbol_ */

const MATHML = "http://www.w3.org/1998/Math/MathML";
/** A line may break before these, outside brackets. */
const BREAKS = "=→+−";
const TOKENS = /\s*([=→+−·×⊙/])\s*|([([])|([)\]])|(′)|(½|\d+(?:\.\d+)?)|([A-Za-z]+(?=\()|ln|[ΔΣ])|([\u2003\u200b])|(…|[^\s=→+−·×⊙/()[\]′½\u2003\u200b…]+(?: [^\s=→+−·×⊙/()[\]′½\u2003\u200b…]+)*)/gu;

/**
 * @param {string} name
 * @param {(string | Node)[]} content
 * @returns {MathMLElement}
 */
export function maths(name, ...content) {
  const node = /** @type {MathMLElement} */ (document.createElementNS(MATHML, name));
  node.append(...content);
  return node;
}

/** @param {string} name @param {string} className @param {(string | Node)[]} content */
function html(name, className, ...content) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...content);
  return node;
}

/** @param {string} text @param {"infix" | "prefix" | "postfix" | "tight"} form `tight`: without space around it */
function operator(text, form) {
  const node = maths("mo", text);
  node.setAttribute("form", form === "tight" ? "infix" : form);
  node.setAttribute("stretchy", "false");
  if (form === "tight") for (const side of ["lspace", "rspace"]) node.setAttribute(side, "0");
  if ("×·⊙".includes(text)) for (const side of ["lspace", "rspace"]) node.setAttribute(side, "0.28em");
  return node;
}

/** Letters of an index slant, its numbers do not. @param {string} written_ */
function index(written_) {
  const pieces = (written_.match(/[A-Za-z]|\d+|[^A-Za-z\d]/g) ?? []).map((piece) =>
    /[A-Za-z]/.test(piece) ? maths("mi", piece) : /\d/.test(piece) ? maths("mn", piece) : operator(piece, "tight"));
  return pieces.length === 1 ? pieces[0] : maths("mrow", ...pieces);
}

/** @param {Node} base @param {string} sup @param {string} sub */
function indexed(base, sup, sub) {
  if (sup && sub) return maths("msubsup", base, index(sub), index(sup));
  if (sup) return maths("msup", base, index(sup));
  return sub ? maths("msub", base, index(sub)) : base;
}

/** @param {Symbol_} part */
function symbolNode({ base, sup, sub }) {
  const quotient = /^∂C\/∂(.)$/.exec(base);
  if (quotient) return maths("mrow", maths("mi", "∂"), maths("mi", "C"), operator("/", "tight"), maths("mi", "∂"), indexed(maths("mi", quotient[1]), sup, sub));
  if (base === "∑" || base === "Σ") return indexed(operator("∑", "prefix"), sup, sub);
  return indexed(maths("mi", base), sup, sub);
}

/** @param {Element} node @param {Value} part */
function setNumber(node, part) {
  const shown = written(part);
  if (node.textContent !== shown) node.textContent = shown;
  const colour = tone(part);
  if ((node.getAttribute("class") ?? "") !== colour) node.setAttribute("class", colour);
  const exact = part.value === null ? "" : String(part.value);
  if (node.getAttribute("data-exact") !== exact) node.setAttribute("data-exact", exact);
}

/** @param {Value} part */
function numberNode(part) {
  const node = maths("mn");
  setNumber(node, part);
  return node;
}

/** Puts an equation together, piece by piece. */
class Setter {
  /** @type {Node[]} */
  #nodes = [];
  /** @type {Node[]} since the last place where a line may break */
  #run = [];
  /** @type {Node[]} of the piece in hand */
  #piece = [];
  #depth;
  /** Whether an operator that comes now stands between two terms. */
  #operand = false;

  /** @param {number} depth in brackets: there no line is broken but where it is said */
  constructor(depth = 0) {
    this.#depth = depth;
  }

  /** @param {Part[]} parts */
  add(parts) {
    for (const part of parts) this.#part(part);
    return this;
  }

  /** @param {Part} part @returns {unknown} */
  #part(part) {
    if (typeof part === "string") return this.#string(part);
    switch (part.type) {
      case "value":
        return this.#put(numberNode(part));
      case "symbol":
        if (!part.base) return this.#raise(index(part.sup));
        this.#put(symbolNode(part));
        this.#operand = part.base !== "∑" && part.base !== "Σ";
        return undefined;
      case "accent":
        return this.#raise(turned(part.text));
      case "term":
        return this.#together(part.parts);
      case "captioned":
        return this.#captioned(part);
      default:
        return this.#put(maths("mtext", part.text));
    }
  }

  /** @param {string} text */
  #string(text) {
    for (const [, op, open, close, prime, digits, name, gap, words] of text.matchAll(TOKENS)) {
      if (op) this.#operator(op);
      else if (open) this.#bracket(open, 1);
      else if (close) this.#bracket(close, -1);
      else if (prime) this.#put(operator(prime, "tight"));
      else if (digits) this.#put(maths("mn", digits));
      else if (name) this.#put(maths("mi", name));
      else if (gap === BREAK) this.#cut(document.createElement("wbr"));
      else if (gap) this.#gap();
      else this.#put(maths("mtext", `${this.#piece.length && !/^[:,]/.test(words) ? "\u00a0" : ""}${words}\u00a0`));
    }
  }

  /** @param {Node} node */
  #put(node) {
    this.#piece.push(node);
    this.#operand = true;
  }

  /** @param {string} op */
  #operator(op) {
    const last = this.#piece.at(-1);
    // An operator brings its own space.
    if (last?.nodeName === "mtext") last.textContent = String(last.textContent).trimEnd();
    if (this.#depth === 0 && this.#operand && BREAKS.includes(op)) this.#cut(document.createElement("wbr"));
    this.#piece.push(operator(op, op === "/" ? "tight" : this.#operand ? "infix" : "prefix"));
    this.#operand = false;
  }

  /** @param {string} text @param {1 | -1} by */
  #bracket(text, by) {
    this.#depth += by;
    this.#piece.push(operator(text, by > 0 ? "prefix" : "postfix"));
    this.#operand = by < 0;
  }

  /** What follows is another equation. */
  #gap() {
    this.#cut(html("span", "gap", " "));
    this.#operand = false;
  }

  /** @param {Node} raised over what came last */
  #raise(raised) {
    const base = this.#piece.pop() ?? maths("mrow");
    this.#piece.push(maths("msup", base, raised));
  }

  /** @param {Part[]} parts that go to the next line as a whole; only one that is wider than a line is broken */
  #together(parts) {
    this.#set(html("span", "term", ...new Setter(1).add(parts).end()));
  }

  /** @param {import("./words.js").Captioned} part */
  #captioned({ parts, caption, term }) {
    const inner = new Setter().add(parts).end();
    const whole = html("span", "", html("span", "", ...inner), html("small", "", caption));
    whole.dataset.term = String(term);
    this.#set(whole);
  }

  /** @param {Node} node behind the piece in hand, which ends here */
  #set(node) {
    this.#close();
    this.#run.push(node);
    this.#operand = true;
  }

  #close() {
    if (this.#piece.length) this.#run.push(alone(this.#piece) ?? maths("math", ...this.#piece));
    this.#piece = [];
  }

  /** @param {Node[]} behind where a line may break */
  #cut(...behind) {
    this.#close();
    this.#nodes.push(...(this.#run.length > 1 ? [html("span", "together", ...this.#run)] : this.#run), ...behind);
    this.#run = [];
  }

  end() {
    this.#cut();
    return this.#nodes;
  }
}

/** An operator alone, which not every browser gives its space in MathML. @param {Node[]} piece */
function alone([only, ...more]) {
  const infix = !more.length && only.nodeName === "mo" && /** @type {Element} */ (only).getAttribute("form") === "infix";
  return infix ? html("span", "operator", only.textContent ?? "") : null;
}

/** @param {string} text */
function turned(text) {
  const node = maths("mi", text);
  node.setAttribute("class", "turn");
  node.setAttribute("mathvariant", "normal");
  return node;
}

/** @type {WeakMap<Element, {shape: string, numbers: Element[], said: Element}>} */
const equations = new WeakMap();

/**
 * Write an equation into an element. If only its numbers have changed, only they are touched.
 * @param {Element} element
 * @param {Part[]} parts
 */
export function equation(element, parts) {
  const kept = equations.get(element);
  const now = shape(parts);
  if (kept?.shape === now) {
    for (const [i, part] of numbers(parts).entries()) setNumber(kept.numbers[i], part);
    const words = aloud(parts);
    if (kept.said.textContent !== words) kept.said.textContent = words;
    return;
  }
  const said = html("span", "hidden-text", aloud(parts));
  const seen = html("span", "maths", ...new Setter().add(parts).end());
  seen.setAttribute("aria-hidden", "true");
  element.replaceChildren(...(parts.length ? [said, seen] : []));
  equations.set(element, { shape: now, numbers: [...seen.querySelectorAll("[data-exact]")], said });
}

/** A symbol in a sentence. @param {Symbol_} part */
function inline(part) {
  const seen = maths("math", symbolNode(part));
  seen.setAttribute("aria-hidden", "true");
  return html("span", "maths", html("span", "hidden-text", aloud([part])), seen);
}

/**
 * Parts of a sentence: its numbers stand out.
 * @param {Part} part
 * @returns {Node}
 */
function node(part) {
  if (typeof part === "string") return document.createTextNode(part);
  switch (part.type) {
    case "strong":
      return html("b", "", part.text);
    case "value": {
      const number = html("b", "");
      setNumber(number, part);
      return number;
    }
    case "symbol":
      return inline(part);
    case "accent":
      return html("span", "sup", html("span", "turn", part.text));
    case "word":
      return explained(part.name, part.text);
    default:
      return html("span", "", ...part.parts.map(node));
  }
}

/**
 * @param {Part[]} parts
 * @returns {Node[]}
 */
export const nodes = (parts) => parts.map(node);
