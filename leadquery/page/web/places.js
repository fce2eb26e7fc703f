// Places in a text: Python counts characters, JavaScript counts UTF-16 code units.

/** The start and end of a diagnostic in a text given by its lines. */
export function offsets(lines, { line, column, width }) {
  if (line === null) return [0, 0];
  const row = Math.min(line, lines.length) - 1;
  let start = 0;
  for (let number = 0; number < row; number += 1) start += lines[number].length + 1;
  return columns(lines[row], column, width).map((unit) => start + unit);
}

/** The code units of a line that some characters take. */
export function columns(line, column, width) {
  let unit = 0;
  let count = 1;
  let start = null;
  for (const character of line) {
    if (count === column) start = unit;
    if (start !== null && count === column + width) return [start, unit];
    unit += character.length;
    count += 1;
  }
  return [start ?? unit, unit];
}
