import { createHash } from 'node:crypto';

import t from 'tap';

import { addWeekdays } from '../../runner/dates.js';
import { syntheticDays } from '../../runner/load/synthetic-sources.js';
import type { SyntheticDay } from '../../runner/load/synthetic-sources.js';
import { syntheticFunds, syntheticPositions } from '../../runner/load/synthetic.js';
import type { SyntheticOptions } from '../../runner/load/synthetic.js';

const options: SyntheticOptions = { funds: 5, positions: 40, seed: 7, date: '2024-06-30', dates: 3 };

function digest(parts: Iterable<unknown>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(JSON.stringify(part));
  return hash.digest('hex');
}

t.test('the same seed makes the same rows, on any machine', (t) => {
  // written down once: whoever changes the generator changes everybody's recordings
  t.equal(
    digest(syntheticPositions(options)),
    '207b0b90c67bec699fc3ea633ecdc708fd1dbbed51f607864854d5e21f8f6e9a',
  );
  t.equal(digest(syntheticDays(options)), '172e1b769eace5fff5f7c4aef8adb2d68d14b6b3cace26f4aa2ba787c2676f22');
  t.not(digest(syntheticPositions({ ...options, seed: 8 })), digest(syntheticPositions(options)));
  t.end();
});

t.test('another fund or date changes nothing of the others', (t) => {
  const [few, many] = [options, { ...options, funds: 9 }].map(
    (given) =>
      new Map([...syntheticDays(given)].map((part) => [`${part.date} ${part.fund.shortName}`, part])),
  );
  for (const [key, part] of few ?? []) t.same(many?.get(key), part);
  t.end();
});

t.test('rows that make sense', (t) => {
  const parts = [...syntheticPositions(options)];
  t.equal(parts.length, 15);
  t.same([...new Set(parts.map(({ date }) => date))], ['2024-06-26', '2024-06-27', '2024-06-28']);
  for (const { positions } of parts) {
    t.equal(positions.length, 40);
    t.equal(new Set(positions.map(({ investId }) => investId)).size, 40, 'no InvestID twice');
    t.equal(
      positions.filter(({ ticker, quantity, marketValue }) => ticker === null && quantity === marketValue)
        .length,
      1,
      'one cash line',
    );
  }
  const all = parts.flatMap(({ positions }) => positions);
  t.ok(
    all.some(({ localPrice }) => localPrice === null),
    'missing prices',
  );
  t.ok(
    all.some(({ localPrice }) => localPrice === '0'),
    'zero prices',
  );
  t.ok(
    all.every(
      ({ marketValue, quantity }) => /^\d+\.\d\d$/.test(marketValue) && /^\d+(\.\d\d)?$/.test(quantity),
    ),
  );
  t.equal(syntheticFunds({ ...options, funds: 50 }).length, 50);
  t.end();
});

t.test('the six sources of a fund hang together', (t) => {
  const days = [...syntheticDays({ ...options, positions: 200 })];
  t.same(
    days.map(({ positions }) => positions),
    [...syntheticPositions({ ...options, positions: 200 })].map(({ positions }) => positions),
    'the positions are what they would be alone',
  );
  for (const day of days) {
    const { fund, date, positions } = day;
    const name = `${fund.shortName} on ${date}`;
    const held = new Map(positions.map((position) => [position.investId, position]));

    // the custodian: two of the 200 are missing there, two here, two in another quantity, all else is the same
    const custody = new Map(day.ubs.map((line) => [line.investId, line]));
    const both = day.ubs.filter(({ investId }) => held.has(investId));
    t.equal(fund.flagUbs, day.ubs.length > 0, `${name}: UBS only where its flag is on`);
    if (fund.flagUbs) {
      t.equal(positions.filter(({ investId }) => !custody.has(investId)).length, 2, name);
      t.equal(day.ubs.length - both.length, 2, name);
      t.equal(both.filter((line) => line.cantidad !== held.get(line.investId)?.quantity).length, 2, name);
      t.equal(
        both.filter((line) => line.valorMercado !== held.get(line.investId)?.marketValue).length,
        2,
        name,
      );
    }

    // the books: within 10 basis points of what the positions are worth
    const total = positions.reduce((sum, { marketValue }) => sum + Number(marketValue), 0);
    const booked = day.capm.reduce((sum, { saldo }) => sum + Number(saldo), 0);
    t.ok(Math.abs(booked - total) <= total / 1000, `${name}: ${booked} is near ${total}`);

    t.ok(day.posModRf.length > 0, `${name}: bonds`);
    for (const bond of day.posModRf) {
      t.equal(
        bond.valorMercado,
        held.get(bond.investId)?.marketValue,
        `${name}: ${bond.investId} is a position`,
      );
    }

    t.ok(day.sona.length >= 2, `${name}: trades`);
    for (const { fechaOperacion, fechaLiquidacion, cantidad, monto } of day.sona) {
      t.ok([date, addWeekdays(date, -1)].includes(fechaOperacion), 'made today or the weekday before');
      t.ok(fechaLiquidacion > date, 'not settled yet');
      t.equal(Math.sign(Number(cantidad)), Math.sign(Number(monto)), 'positive when buying');
    }

    t.equal(fund.flagDerivados, day.derivados.length > 0, `${name}: derivatives only where the flag is on`);
    t.ok(day.derivados.every(({ fechaVencimiento }) => fechaVencimiento == null || fechaVencimiento > date));

    t.same(repeated(day), [], `${name}: no line twice`);
  }
  const [first, second] = days.filter(({ fund }) => fund.shortName === 'SYN001');
  t.same(
    first?.sona.filter(({ fechaOperacion }) => fechaOperacion === first.date).map(asOf('')),
    second?.sona.filter(({ fechaOperacion }) => fechaOperacion === first?.date).map(asOf('')),
    'a trade is the same in the next report',
  );
  t.same(
    first?.derivados.map(({ investId, nocional }) => [investId, nocional]),
    second?.derivados.map(({ investId, nocional }) => [investId, nocional]),
    'a contract stays',
  );
  const trades = days.flatMap(({ sona }) => sona.map(({ cantidad }) => Number(cantidad)));
  t.ok(trades.some((shares) => shares > 0) && trades.some((shares) => shares < 0), 'bought and sold');
  t.ok(
    days.some(({ posModRf }) => posModRf.some(({ tir }) => tir === null)),
    'yields that nobody knows',
  );
  t.end();
});

function asOf(fechaReporte: string) {
  return <Line extends object>(line: Line) => ({ ...line, fechaReporte });
}

/** Keys that a source's lines of one fund and date have more than once. */
function repeated({ capm, posModRf, sona, derivados, ubs }: SyntheticDay): string[] {
  return [
    capm.map(({ cuenta, moneda }) => `${cuenta} ${moneda}`),
    posModRf.map(({ investId }) => investId),
    sona.map(({ idOperacion }) => idOperacion),
    derivados.map(({ investId }) => investId),
    ubs.map(({ investId }) => investId),
  ].flatMap((keys) => keys.filter((key, i) => keys.indexOf(key) !== i));
}
