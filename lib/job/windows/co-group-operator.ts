// Groups, or joins, the elements that two keyed streams have in the same window.
import type { TypeInformation } from '../../api/type-information.ts';
import { type FunctionOr, functionMaker } from '../functions/function-object.ts';
import type { CoGroupFunction, JoinFunction } from '../functions/join-functions.ts';
import type {
  MaybePromise,
  OneInputOperator,
  OperatorFactory,
  TwoInputOperator,
} from '../operators/stream-operator.ts';
import { type TaggedUnion, taggedUnionType } from './tagged-union.ts';
import type { Window } from './window.ts';
import { elementContents } from './window-contents.ts';
import { windowOperator } from './window-operator.ts';
import type { WindowFunctions, WindowSettings } from './window-plan.ts';

/** Which windows two streams are brought together in. */
export interface CoGroupSettings<T1, T2, W extends Window> extends WindowSettings<TaggedUnion<T1, T2>, W> {
  readonly firstType: TypeInformation<T1>;
  readonly secondType: TypeInformation<T2>;
}

/**
 * Calls a function with what each of two streams has in a window, for each key and window that has anything.
 *
 * @throws TypeError `ERR_INVALID_FUNCTION`, and as `windowOperator`.
 */
export function coGroupOperator<T1, T2, R, W extends Window>(
  settings: CoGroupSettings<T1, T2, W>,
  given: FunctionOr<CoGroupFunction<T1, T2, R>, 'coGroup'>,
): OperatorFactory<TwoInputOperator<T1, T2>, R> {
  const make = functionMaker<CoGroupFunction<T1, T2, R>, 'coGroup'>(given, 'coGroup');
  return twoInputs(settings, () => {
    const grouping = make();
    return {
      userFunction: grouping,
      function: {
        process(_key, _context, elements, out) {
          const [first, second] = split(elements);
          grouping.coGroup(first, second, out);
        },
      },
    };
  });
}

/** As {@link coGroupOperator}, for each pair of elements. */
export function windowJoinOperator<T1, T2, R, W extends Window>(
  settings: CoGroupSettings<T1, T2, W>,
  given: FunctionOr<JoinFunction<T1, T2, R>, 'join'>,
): OperatorFactory<TwoInputOperator<T1, T2>, R> {
  const make = functionMaker<JoinFunction<T1, T2, R>, 'join'>(given, 'join');
  return twoInputs(settings, () => {
    const joining = make();
    return {
      userFunction: joining,
      function: {
        process(_key, _context, elements, out) {
          const [firsts, seconds] = split(elements);
          for (const first of firsts) {
            for (const second of seconds) {
              out.collect(joining.join(first, second));
            }
          }
        },
      },
    };
  });
}

function twoInputs<T1, T2, R, W extends Window>(
  { firstType, secondType, ...settings }: CoGroupSettings<T1, T2, W>,
  makeFunctions: () => WindowFunctions<TaggedUnion<T1, T2>, R, unknown, W>,
): OperatorFactory<TwoInputOperator<T1, T2>, R> {
  const windows = windowOperator({
    ...{ ...settings, makeFunctions },
    contents: elementContents(taggedUnionType(firstType, secondType)),
  });
  return (context) => new UnionOperator(windows(context));
}

function split<T1, T2>(elements: readonly TaggedUnion<T1, T2>[]): [T1[], T2[]] {
  const first: T1[] = [];
  const second: T2[] = [];
  for (const element of elements) {
    if (element.stream === 1) {
      first.push(element.value);
    } else {
      second.push(element.value);
    }
  }
  return [first, second];
}

/** Hands the elements of two inputs to an operator of one. */
class UnionOperator<T1, T2> implements TwoInputOperator<T1, T2> {
  readonly #united: OneInputOperator<TaggedUnion<T1, T2>>;

  constructor(united: OneInputOperator<TaggedUnion<T1, T2>>) {
    this.#united = united;
  }

  open(): MaybePromise {
    return this.#united.open?.();
  }

  processElement1(value: T1, timestamp: number): MaybePromise {
    return this.#united.processElement({ stream: 1, value }, timestamp);
  }

  processElement2(value: T2, timestamp: number): MaybePromise {
    return this.#united.processElement({ stream: 2, value }, timestamp);
  }

  processWatermark(timestamp: number): MaybePromise {
    return this.#united.processWatermark(timestamp);
  }

  close(): MaybePromise {
    return this.#united.close?.();
  }
}
