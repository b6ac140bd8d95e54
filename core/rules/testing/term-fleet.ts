import { RuleFleet, rulePack } from './rule-fleet.ts';

/** A pack whose only rule says the values of these expressions, so that the room keeps what they need. */
export function packOf(...expressions: string[]): string {
  return rulePack({ on: 'driver.driver_logout', message: expressions.map((text) => `{${text}}`).join(' ') });
}

export function fleetOf(...expressions: string[]): RuleFleet {
  return new RuleFleet(packOf(...expressions), 2);
}
