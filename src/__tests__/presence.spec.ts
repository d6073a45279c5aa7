import { AWAY, Touch } from '../presence';

describe('Touch', () => {
  let now = 0;
  let touch: Touch;
  let returns: number;

  beforeEach(() => {
    now = 1_000_000;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    touch = new Touch();
    returns = 0;
    touch.returned.connect(() => {
      returns += 1;
    });
  });

  afterEach(() => {
    touch.dispose();
    jest.restoreAllMocks();
  });

  it('knows that nobody touched the page for ten minutes', () => {
    now += AWAY - 1;
    expect(touch.away).toBe(false);
    now += 1;
    expect(touch.away).toBe(true);
  });

  it.each(['pointermove', 'keydown', 'wheel', 'focus'])(
    'says once that somebody is back: %s',
    sign => {
      now += AWAY;
      window.dispatchEvent(new Event(sign));
      window.dispatchEvent(new Event(sign));
      expect(touch.away).toBe(false);
      expect(returns).toBe(1);
    }
  );

  it('hears nothing after its end', () => {
    touch.dispose();
    now += AWAY;
    window.dispatchEvent(new Event('keydown'));
    expect(touch.away).toBe(true);
  });
});
