// How builders of windows add their operator to the graph of a job.
import type { TypeInformation } from '../../api/type-information.ts';
import type { SingleOutputStreamOperator } from '../data-stream.ts';
import type { OneInputOperator, OperatorFactory, TwoInputOperator } from '../operators/stream-operator.ts';

/** Adds an operator to a keyed stream. */
export type AttachOperator<T> = <R>(
  name: string,
  operator: OperatorFactory<OneInputOperator<T>, R>,
  resultType: TypeInformation<R> | undefined,
) => SingleOutputStreamOperator<R>;

/** Adds an operator to two streams with the same keys. */
export type AttachTwoInputOperator<T1, T2> = <R>(
  name: string,
  operator: OperatorFactory<TwoInputOperator<T1, T2>, R>,
  resultType: TypeInformation<R> | undefined,
) => SingleOutputStreamOperator<R>;
