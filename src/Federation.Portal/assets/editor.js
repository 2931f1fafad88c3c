// A text with the numbers of its lines. It stays in the browser until the page asks for it: it may be longer than a message of the circuit.
export function open(area, numbers) {
  const count = () => {
    const lines = area.value.split("\n").length;
    if (numbers.childElementCount !== lines) {
      numbers.replaceChildren(...Array.from({ length: lines }, (_, at) => Object.assign(document.createElement("span"), { textContent: at + 1 })));
    }
  };
  area.addEventListener("input", count);
  area.addEventListener("scroll", () => { numbers.scrollTop = area.scrollTop; });
  count();
}

export const textOf = area => new Blob([area.value]);

// Marks lines where something is wrong; the sign says it to who sees no colour.
export function mark(numbers, lines) {
  const wrong = new Set(lines);
  [...numbers.children].forEach((number, at) => {
    const isWrong = wrong.has(at + 1);
    number.className = isWrong ? "wrong" : "";
    number.textContent = isWrong ? `! ${at + 1}` : at + 1;
  });
}

// Brings the viewer to a place; both count from 1.
export function go(area, line, column) {
  const before = area.value.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(before + column - 1, before + column - 1);
  area.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(area).lineHeight));
}
