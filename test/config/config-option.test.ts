import { describe, expect, it } from 'vitest';
import { ConfigOptions } from '../../lib/config/config-option.ts';

describe('an option', () => {
  it('has the key, default, older keys and description that it was given', () => {
    const option = ConfigOptions.key('a.b')
      .memoryType()
      .defaultValue('64mb')
      .withDeprecatedKeys('a')
      .withFallbackKeys('c', 'd')
      .withDescription('A size.');
    expect(option).toMatchObject({
      key: 'a.b',
      defaultValue: 64 * 1024 * 1024,
      deprecatedKeys: ['a'],
      fallbackKeys: ['c', 'd'],
      description: 'A size.',
    });
    expect(option.type.name).toBe('MemorySize');
  });

  it('keeps everything else when one thing is added', () => {
    const checked = ConfigOptions.key('k')
      .intType()
      .defaultValue(1)
      .withCheck('odd', (value) => value % 2 === 1);
    const described = checked.withDeprecatedKeys('old').withFallbackKeys('other').withDescription('x');
    expect(described).toMatchObject({ deprecatedKeys: ['old'], fallbackKeys: ['other'], defaultValue: 1 });
    expect(() => described.parse(2)).toThrow(RangeError);
    expect(checked.deprecatedKeys).toEqual([]);
  });

  it('says what is allowed', () => {
    const option = ConfigOptions.key('k')
      .doubleType()
      .noDefaultValue()
      .withCheck('from 0 to 1', (value) => value <= 1);
    expect(option.expected).toBe('a finite number, from 0 to 1');
    expect(() => option.parse('2')).toThrow(
      expect.objectContaining({
        name: 'RangeError',
        code: 'ERR_INVALID_CONFIG_VALUE',
        message: 'Option \'k\' must be a finite number, from 0 to 1; received "2".',
      }),
    );
    expect(() => option.parse('x')).toThrow(expect.objectContaining({ name: 'TypeError' }));
  });

  it('does not take a default that it would refuse', () => {
    expect(() => ConfigOptions.key('k').intType().defaultValue('many')).toThrow("Option 'k' must be");
  });

  it.each([
    [ConfigOptions.key('k').booleanType().noDefaultValue(), true, true],
    [ConfigOptions.key('k').intType().noDefaultValue(), 7, 7],
    [ConfigOptions.key('k').longType().noDefaultValue(), 2 ** 40, 2 ** 40],
    [ConfigOptions.key('k').floatType().noDefaultValue(), 0.5, 0.5],
    [ConfigOptions.key('k').memoryType().noDefaultValue(), 1024, 1024],
    [ConfigOptions.key('k').durationType().noDefaultValue(), 1500, 1500],
    [ConfigOptions.key('k').durationType().noDefaultValue(), 0.5, 0.5],
    [ConfigOptions.key('k').stringType().noDefaultValue(), 7, '7'],
    [ConfigOptions.key('k').intType().asList().noDefaultValue(), [1, '2'], [1, 2]],
    [ConfigOptions.key('k').mapType().noDefaultValue(), { a: 1 }, { a: '1' }],
  ])('takes values as well as text %#', (option, raw, value) => {
    expect(option.parse(raw)).toEqual(value);
  });

  it.each([
    [ConfigOptions.key('k').intType().noDefaultValue(), 1.5],
    [ConfigOptions.key('k').intType().noDefaultValue(), [1]],
    [ConfigOptions.key('k').memoryType().noDefaultValue(), 1.5],
    [ConfigOptions.key('k').memoryType().noDefaultValue(), -1],
    [ConfigOptions.key('k').durationType().noDefaultValue(), -1],
    [ConfigOptions.key('k').durationType().noDefaultValue(), Number.POSITIVE_INFINITY],
    [ConfigOptions.key('k').durationType().noDefaultValue(), Number.NaN],
    [ConfigOptions.key('k').booleanType().noDefaultValue(), 1],
    [ConfigOptions.key('k').stringType().noDefaultValue(), ['a']],
    [ConfigOptions.key('k').stringType().noDefaultValue(), () => 'a'],
    [ConfigOptions.key('k').stringType().asList().noDefaultValue(), { a: 1 }],
    [ConfigOptions.key('k').mapType().noDefaultValue(), ['a']],
    [ConfigOptions.key('k').mapType().noDefaultValue(), { a: ['b'] }],
    [ConfigOptions.key('k').mapType().noDefaultValue(), { a: null }],
    [ConfigOptions.key('k').enumType(['A', 'B']).noDefaultValue(), undefined],
  ])('refuses values that are none of its type %#', (option, raw) => {
    expect(() => option.parse(raw)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_CONFIG_VALUE' }));
  });
});
