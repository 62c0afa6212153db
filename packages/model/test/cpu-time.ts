/** CPU time of a piece of work: on a busy machine the clock on the wall says nothing about the code. */

/** Milliseconds of this process's own CPU time that the work took. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const spent = process.cpuUsage(before);
  return (spent.user + spent.system) / 1_000;
}
