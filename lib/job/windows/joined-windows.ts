// Two streams with the same keys, in windows, until it is said what is made of them.
import type { TypeInformation } from '../../api/type-information.ts';
import type { SingleOutputStreamOperator } from '../data-stream.ts';
import type { FunctionOr } from '../functions/function-object.ts';
import type { CoGroupFunction, JoinFunction } from '../functions/join-functions.ts';
import { type CoGroupSettings, coGroupOperator, windowJoinOperator } from './co-group-operator.ts';
import type { KeyedPair } from './joined-streams.ts';
import type { TaggedUnion } from './tagged-union.ts';
import type { Window } from './window.ts';
import type { WindowAssigner } from './window-assigner.ts';
import { WindowSettingsBuilder } from './window-settings-builder.ts';

export abstract class PairedWindows<T1, T2, W extends Window> extends WindowSettingsBuilder<TaggedUnion<T1, T2>, W> {
  /** @internal */
  protected readonly pair: KeyedPair<T1, T2>;

  /** @internal */
  constructor(assigner: WindowAssigner<TaggedUnion<T1, T2>, W>, pair: KeyedPair<T1, T2>) {
    super(assigner);
    this.pair = pair;
  }

  /** @internal */
  protected coGroupSettings(): CoGroupSettings<T1, T2, W> {
    const { firstType, secondType } = this.pair;
    return { ...this.settings(), firstType, secondType };
  }
}

/** Two streams to be joined by their keys, in windows. */
export class JoinedWindows<T1, T2, W extends Window> extends PairedWindows<T1, T2, W> {
  /** Makes a record of each pair of elements of a key and window. */
  apply<R>(
    joining: FunctionOr<JoinFunction<T1, T2, R>, 'join'>,
    resultType?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    const operator = windowJoinOperator(this.coGroupSettings(), joining);
    return this.pair.attach(this.operatorName('Join'), operator, resultType);
  }
}

/** Two streams to be grouped by their keys, in windows. */
export class CoGroupedWindows<T1, T2, W extends Window> extends PairedWindows<T1, T2, W> {
  /** Hands the elements that both streams have for a key and window to a function. */
  apply<R>(
    grouping: FunctionOr<CoGroupFunction<T1, T2, R>, 'coGroup'>,
    resultType?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R> {
    const operator = coGroupOperator(this.coGroupSettings(), grouping);
    return this.pair.attach(this.operatorName('CoGroup'), operator, resultType);
  }
}
