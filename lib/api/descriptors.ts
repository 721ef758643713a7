// Descriptors: name, kind, types and functions of a state.
import { describe, typeError } from '../errors.ts';
import type { AggregateFunction, ReduceFunction } from './functions.ts';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from './state.ts';
import type { TtlSettings } from './state-ttl.ts';
import type { TypeInformation } from './type-information.ts';

const BASE = 'org.apache.flink.api.common.typeutils.base';
const TTL_FACTORY = 'org.apache.flink.runtime.state.ttl.TtlStateFactory';

/** The kinds of keyed state, by Flink's names. */
export type StateKind = 'VALUE' | 'LIST' | 'REDUCING' | 'AGGREGATING' | 'MAP';

/** Name and kind of a state. The name identifies it in checkpoints. */
export abstract class StateDescriptor<S> {
  abstract readonly kind: StateKind;
  /** Identifies the byte format of the values in checkpoints. */
  abstract readonly valueFormat: string;
  readonly name: string;
  /** Only for type inference. */
  declare readonly state: S;
  #ttl: TtlSettings | undefined;

  /** @throws TypeError for an empty name (`ERR_INVALID_DESCRIPTOR`). */
  constructor(name: string) {
    if (typeof name !== 'string' || name === '') {
      throw typeError(
        'ERR_INVALID_DESCRIPTOR',
        `A state's name must be a non-empty string; received ${describe(name)}.`,
      );
    }
    this.name = name;
  }

  /** How long its values live; `undefined` for ever. */
  get ttl(): TtlSettings | undefined {
    return this.#ttl;
  }

  /**
   * Lets values of the state expire: each value, element of a list, and entry of a map by itself. A setting whose update type
   * is `Disabled` turns it off. It has no effect on a state that was made already.
   *
   * @param settings - what `StateTtlConfig.newBuilder(…).build()` makes.
   * @throws TypeError for what is none (`ERR_INVALID_TTL`).
   */
  enableTimeToLive(settings: TtlSettings): this {
    if (typeof settings?.ttlMs !== 'number' || !(settings.ttlMs > 0) || settings.cleanup === undefined) {
      throw typeError(
        'ERR_INVALID_TTL',
        `The time to live of state '${this.name}' must be a StateTtlConfig; received ${describe(settings)}.`,
      );
    }
    this.#ttl = settings.updateType === 'Disabled' ? undefined : settings;
    return this;
  }

  /** The id of what writes a value, an element or an entry, whose serializer's is given. */
  protected formatOf(id: string): string {
    return this.ttl === undefined ? id : `${TTL_FACTORY}[${BASE}.LongSerializer,${id}]`;
  }
}

/** Describes a {@link ValueState}. */
export class ValueStateDescriptor<T> extends StateDescriptor<ValueState<T>> {
  readonly kind = 'VALUE';
  readonly type: TypeInformation<T>;
  /** What `value()` answers, as a copy, where there is no value. */
  readonly defaultValue: T | undefined;

  /** @throws TypeError for a type that is no `TypeInformation` (`ERR_INVALID_DESCRIPTOR`). */
  constructor(name: string, type: TypeInformation<T>, defaultValue?: T) {
    super(name);
    this.type = checkType(name, 'type', type);
    this.defaultValue = defaultValue;
  }

  get valueFormat(): string {
    return this.formatOf(this.type.serializer.id);
  }
}

/** Describes a {@link ListState}. */
export class ListStateDescriptor<T> extends StateDescriptor<ListState<T>> {
  readonly kind = 'LIST';
  readonly elementType: TypeInformation<T>;

  /** @throws TypeError for a type that is no `TypeInformation` (`ERR_INVALID_DESCRIPTOR`). */
  constructor(name: string, elementType: TypeInformation<T>) {
    super(name);
    this.elementType = checkType(name, 'element type', elementType);
  }

  get valueFormat(): string {
    return `${BASE}.ListSerializer[${this.formatOf(this.elementType.serializer.id)}]`;
  }
}

/** Describes a {@link MapState}. */
export class MapStateDescriptor<UK, UV> extends StateDescriptor<MapState<UK, UV>> {
  readonly kind = 'MAP';
  readonly keyType: TypeInformation<UK>;
  readonly valueType: TypeInformation<UV>;

  /** @throws TypeError for a type that is no `TypeInformation` (`ERR_INVALID_DESCRIPTOR`). */
  constructor(name: string, keyType: TypeInformation<UK>, valueType: TypeInformation<UV>) {
    super(name);
    this.keyType = checkType(name, 'key type', keyType);
    this.valueType = checkType(name, 'value type', valueType);
  }

  get valueFormat(): string {
    return `${BASE}.MapSerializer[${this.keyType.serializer.id}, ${this.formatOf(this.valueType.serializer.id)}]`;
  }
}

/** Describes a {@link ReducingState}. */
export class ReducingStateDescriptor<T> extends StateDescriptor<ReducingState<T>> {
  readonly kind = 'REDUCING';
  readonly reduce: ReduceFunction<T>;
  readonly type: TypeInformation<T>;

  /** @throws TypeError for a type or function that is none (`ERR_INVALID_DESCRIPTOR`). */
  constructor(name: string, reduce: ReduceFunction<T>, type: TypeInformation<T>) {
    super(name);
    this.reduce = checkFunction(name, 'reduce', reduce);
    this.type = checkType(name, 'type', type);
  }

  get valueFormat(): string {
    return this.formatOf(this.type.serializer.id);
  }
}

/** Describes an {@link AggregatingState}. */
export class AggregatingStateDescriptor<IN, ACC, OUT> extends StateDescriptor<AggregatingState<IN, OUT>> {
  readonly kind = 'AGGREGATING';
  readonly aggregate: AggregateFunction<IN, ACC, OUT>;
  readonly accumulatorType: TypeInformation<ACC>;

  /** @throws TypeError for a type or function that is none (`ERR_INVALID_DESCRIPTOR`). */
  constructor(name: string, aggregate: AggregateFunction<IN, ACC, OUT>, accumulatorType: TypeInformation<ACC>) {
    super(name);
    for (const method of ['createAccumulator', 'add', 'getResult', 'merge'] as const) {
      checkFunction(name, method, aggregate?.[method]);
    }
    this.aggregate = aggregate;
    this.accumulatorType = checkType(name, 'accumulator type', accumulatorType);
  }

  get valueFormat(): string {
    return this.formatOf(this.accumulatorType.serializer.id);
  }
}

function checkType<T>(name: string, what: string, type: TypeInformation<T>): TypeInformation<T> {
  if (typeof type?.serializer?.serialize !== 'function') {
    throw typeError(
      'ERR_INVALID_DESCRIPTOR',
      `The ${what} of state '${name}' must be a TypeInformation such as Types.LONG; received ${describe(type)}.`,
    );
  }
  return type;
}

function checkFunction<F>(name: string, what: string, value: F): F {
  if (typeof value !== 'function') {
    throw typeError(
      'ERR_INVALID_DESCRIPTOR',
      `'${what}' of state '${name}' must be a function; received ${describe(value)}.`,
    );
  }
  return value;
}
