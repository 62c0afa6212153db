/** Lists as git writes them with `-z`: a NUL behind every item, bytes untouched. */

/** The items of a NUL-terminated list. What follows the last NUL is an item only if it has bytes. */
export function nulList(bytes: Buffer): Buffer[] {
  const items: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(0, at);
    items.push(bytes.subarray(at, end === -1 ? bytes.length : end));
    at = end === -1 ? bytes.length : end + 1;
  }
  return items;
}
