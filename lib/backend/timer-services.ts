// The timer services of a keyed backend, by name.
import type { InternalTimerService, InternalTimerServiceOptions } from '../api/timers.ts';
import { describe, typeError } from '../errors.ts';
import type { TimerTypes } from '../migration/timer-use.ts';
import type { TimerAccess } from '../timers/timer-access.ts';
import { TimerDomain } from '../timers/timer-domain.ts';
import type { TimerQueue } from '../timers/timer-queue.ts';
import { checkTriggerable, TimerService } from '../timers/timer-service.ts';
import type { StateRegistry } from './state-registry.ts';

/** Gives the queue of a registered state. */
export type QueueSource = (stateName: string) => TimerQueue;

const PREFIX = '_timer_state/';
const TIMES = ['event', 'processing'] as const;

interface Queue<K, N> {
  readonly stateName: string;
  readonly types: TimerTypes<K, N>;
}

export class TimerServices<K> {
  readonly #services = new Map<string, TimerService<K, unknown>>();
  readonly #registry: StateRegistry;
  readonly #access: TimerAccess<K>;
  readonly #queueOf: QueueSource;

  constructor(registry: StateRegistry, access: TimerAccess<K>, queueOf: QueueSource) {
    this.#registry = registry;
    this.#access = access;
    this.#queueOf = queueOf;
  }

  /**
   * @throws TypeError when name, namespace type or triggerable are none.
   * @throws StateMigrationError when timers of this name are known with another type of keys or namespaces.
   */
  get<N>(name: string, options: InternalTimerServiceOptions<K, N>): InternalTimerService<N> {
    const serializer = checked(name, options);
    const types = { key: this.#access.keySerializer, namespace: serializer };
    const [event, processing] = TIMES.map((time) => {
      const stateName = queueName(time, name);
      return { stateName, types: this.#registry.registerQueue(stateName, types) };
    }) as [Queue<K, N>, Queue<K, N>];
    let service = this.#services.get(name) as TimerService<K, N> | undefined;
    if (service === undefined) {
      service = new TimerService({ event: this.#domainOf(event), processing: this.#domainOf(processing) });
      this.#services.set(name, service as TimerService<K, unknown>);
    }
    service.setTarget(options);
    return service;
  }

  /** Whether the program has asked for the service that a queue is of. */
  uses(stateName: string): boolean {
    return [...this.#services.keys()].some((name) => TIMES.some((time) => stateName === queueName(time, name)));
  }

  #domainOf<N>({ stateName, types }: Queue<K, N>): TimerDomain<K, N> {
    return new TimerDomain(stateName, this.#queueOf(stateName), this.#access, types.namespace);
  }
}

function queueName(time: (typeof TIMES)[number], service: string): string {
  return `${PREFIX}${time}_${service}`;
}

function checked<K, N>(name: string, options: InternalTimerServiceOptions<K, N>) {
  if (typeof name !== 'string' || name === '') {
    throw typeError('ERR_INVALID_NAME', `A timer service needs a name; received ${describe(name)}.`);
  }
  const serializer = options?.namespaceType?.serializer;
  if (typeof serializer?.serialize !== 'function') {
    throw typeError(
      'ERR_INVALID_NAMESPACE',
      `Timers '${name}' need the type of their namespaces, such as Types.VOID; received ${describe(options?.namespaceType)}.`,
    );
  }
  checkTriggerable(options.triggerable);
  return serializer;
}
