import { expect, it } from 'vitest';
import { retryDelayMs } from './retry-times.ts';
import { signature } from './webhook.ts';

it('signs as the Standard Webhooks specification has it', () => {
  // The example of its reference libraries.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  expect(signature(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

it('waits twice as long after each attempt, up to a quarter of an hour, or as long as it is asked to', () => {
  const delays = [1, 2, 3, 8, 9, 500].map((attempts) => retryDelayMs(attempts, 0, () => 0.5));
  expect(delays).toEqual([5000, 10_000, 20_000, 640_000, 900_000, 900_000]);
  expect([0, 1].map((random) => retryDelayMs(1, 0, () => random))).toEqual([3750, 6250]);
  expect(retryDelayMs(1, 60_000)).toBe(60_000);
});
