// Which files of a database are never changed once they are written, so that links to them may be shared.

/** Whether a file of a database holds rows. */
export function isTable(name: string): boolean {
  return name.endsWith('.sst');
}
