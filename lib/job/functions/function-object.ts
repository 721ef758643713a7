// Functions as programs give them: an object with methods, a class of such, or where one method is all, that alone.
import { describe, typeError } from '../../errors.ts';
import type { OperatorContext } from '../operators/stream-operator.ts';
import type { CheckpointedFunction } from './checkpointed-function.ts';
import { FunctionRuntimeContext } from './function-runtime-context.ts';
import type { RichFunction } from './rich-function.ts';

/** A class of functions without arguments, of which each subtask makes its own. */
export type FunctionClass<F> = new () => F;

/** A function as a program gives it: an object with the methods, a class of such, or the one method alone. */
export type FunctionOr<F, M extends keyof F> = F | FunctionClass<F> | F[M];

/**
 * Makes the function of a subtask, each time that it is called. An object is the same for all subtasks: what it keeps of its
 * own, they would mix up, and find again after a failure. A class has its own for each.
 *
 * @throws TypeError `ERR_INVALID_FUNCTION`, at once, for what has not the methods.
 */
export function functionMaker<F extends object, M extends keyof F & string>(
  given: FunctionOr<F, M> | FunctionClass<F>,
  method: M,
  ...others: readonly string[]
): () => F {
  if (isClass<F>(given)) {
    checkMethods(given, given.prototype, [method, ...others]);
    return () => new given();
  }
  if (typeof given === 'function' && others.length === 0) {
    const alone = { [method]: given } as unknown as F;
    return () => alone;
  }
  checkMethods(given, given, [method, ...others]);
  return () => given as F;
}

function isClass<F>(given: unknown): given is FunctionClass<F> & { readonly prototype: unknown } {
  return typeof given === 'function' && /^class\b/.test(Function.prototype.toString.call(given));
}

function checkMethods(given: unknown, from: unknown, methods: readonly string[]): void {
  const object = from as Readonly<Record<string, unknown>> | null | undefined;
  for (const name of methods) {
    if (typeof object !== 'object' || typeof object?.[name] !== 'function') {
      throw typeError(
        'ERR_INVALID_FUNCTION',
        `Expected ${methods.length === 1 ? 'a function, or ' : ''}an object or class with a method '${name}'; received ${describe(given)}.`,
      );
    }
  }
}

// Objects that a subtask has open.
const inUse = new WeakSet<object>();

/**
 * Begins a function's life, before anything else is asked of it. The runtime tells it of checkpoints from then on.
 *
 * @throws TypeError `ERR_SHARED_FUNCTION` for an object that another subtask has open, as each would overwrite what the other
 *   keeps in it.
 */
export function openFunction(given: object, context: OperatorContext): void | Promise<void> {
  const { initializeState, open } = given as Partial<CheckpointedFunction & RichFunction>;
  if (initializeState !== undefined || open !== undefined) {
    if (inUse.has(given)) {
      throw typeError(
        'ERR_SHARED_FUNCTION',
        `The function of '${context.operatorName}' is one object with a method 'open' or 'initializeState' for several ` +
          'subtasks; give its class, so that each subtask makes its own.',
      );
    }
    inUse.add(given);
  }
  context.functions.push(given);
  if (initializeState === undefined) {
    return (given as RichFunction).open?.(new FunctionRuntimeContext(context));
  }
  return initializeAndOpen(given as CheckpointedFunction, context);
}

async function initializeAndOpen(given: CheckpointedFunction & RichFunction, context: OperatorContext): Promise<void> {
  const { isRestored, operatorState } = context;
  await given.initializeState({ isRestored, operatorStateStore: operatorState });
  await given.open?.(new FunctionRuntimeContext(context));
}

/** Ends a function's life. */
export function closeFunction(given: object): void | Promise<void> {
  inUse.delete(given);
  return (given as RichFunction).close?.();
}
