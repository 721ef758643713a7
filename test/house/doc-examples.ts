// What a guide page in Markdown has for a program.

/** Its TypeScript, one block behind the other. */
export function programIn(markdown: string): string {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]).join('\n');
}

/** What comments behind `console.log` say that a program prints. */
export function expectedOutput(program: string): string[] {
  return [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1] as string);
}
