// Prints lines as fast as they are read, and no faster; whoever reads them may stop at any line, as `head` does.
import { once } from 'node:events';

const PIECE_CHARACTERS = 64 * 1024;

/** Ends early, without an error, when nobody reads any more. */
export async function printLines(lines: AsyncIterable<string>): Promise<void> {
  const { stdout } = process;
  let isGone = false;
  const listener = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
    isGone = true;
  };
  stdout.on('error', listener);
  let piece = '';
  const flush = async () => {
    const isFull = !stdout.write(piece);
    piece = '';
    if (isFull && !isGone) {
      await Promise.race([once(stdout, 'drain'), once(stdout, 'error'), once(stdout, 'close')]).catch(() => {
        isGone = true;
      });
    }
  };
  for await (const line of lines) {
    piece += `${line}\n`;
    if (piece.length >= PIECE_CHARACTERS) {
      await flush();
    }
    if (isGone) {
      return;
    }
  }
  await flush();
}
