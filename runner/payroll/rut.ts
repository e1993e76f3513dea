/** Chilean tax numbers: a number and its check digit, 12.345.678-5. */

/** The check digit of a number: modulus 11, the digits from the right weighed 2 to 7 and again from 2. */
export function checkDigit(body: number): string {
  let [sum, weight] = [0, 2];
  for (let rest = body; rest > 0; rest = Math.floor(rest / 10)) {
    sum += (rest % 10) * weight;
    weight = weight === 7 ? 2 : weight + 1;
  }
  const digit = 11 - (sum % 11);
  return digit === 11 ? '0' : digit === 10 ? 'K' : String(digit);
}

/** Without dots, hyphen, spaces and leading zeros, in upper case: what the database compares, as `rut_normalizado`. */
export function cleanRut(text: string): string {
  return text
    .replaceAll(/[.\- ]/g, '')
    .toUpperCase()
    .replace(/^0+/, '');
}

/** What is wrong with a RUT; undefined when it is one. */
export function rutProblem(text: string): string | undefined {
  const [, body, digit] = /^([1-9]\d{0,8})([\dK])$/.exec(cleanRut(text)) ?? [];
  if (body === undefined) return 'is no RUT; write it as 12.345.678-5';
  const right = checkDigit(Number(body));
  return digit === right ? undefined : `has a wrong check digit: of ${body} it is ${right}`;
}
