/**
 * An event: the minutes after noon by its clock and at its receipt, and the state that it reports.
 */
export type Report = readonly [said: number, received: number, state: string];

/** Wrong clocks and late deliveries: the events, and the resulting newest state with its minute. */
export const CLOCKS: readonly (readonly [
  name: string,
  reports: readonly Report[],
  state: string,
  at: number,
])[] = [
  [
    'a clock that is ahead, then corrected',
    [
      [120, 0, 'ahead'],
      [1, 1, 'corrected'],
    ],
    'corrected',
    1,
  ],
  [
    'a clock that stays ahead',
    [
      [120, 0, 'first'],
      [121, 1, 'second'],
    ],
    'second',
    1,
  ],
  [
    'a clock that is ahead beside one that is right',
    [
      [120, 0, 'ahead'],
      [5, 5, 'right'],
    ],
    'right',
    5,
  ],
  [
    'events of one batch, ahead',
    [
      [120, 5, 'first'],
      [121, 5, 'second'],
    ],
    'second',
    5,
  ],
  [
    'events that arrive out of order',
    [
      [2, 2, 'second'],
      [1, 3, 'first'],
    ],
    'second',
    2,
  ],
  // One event cannot distinguish a wrong clock from a delay.
  ['one event of a clock that is behind', [[-120, 0, 'first']], 'first', -120],
  [
    'a clock that is behind',
    [
      [-120, 0, 'first'],
      [-119, 1, 'second'],
    ],
    'second',
    1,
  ],
  [
    'a clock that is behind, with uneven network delays',
    [
      [-120, 0, 'first'],
      [-119, 1.08, 'second'],
    ],
    'second',
    1.08,
  ],
  [
    'a clock that is behind, by batches',
    [
      [-122, 0, 'first'],
      [-121, 0, 'second'],
      [-120, 2, 'third'],
      [-119, 2, 'fourth'],
    ],
    'fourth',
    2,
  ],
  [
    'a clock that was behind, then corrected',
    [
      [-120, 0, 'behind'],
      [1, 1, 'corrected'],
    ],
    'corrected',
    1,
  ],
  [
    'a clock that was long behind, then corrected',
    [
      [-120, 0, 'first'],
      [-119, 1, 'second'],
      [2, 2, 'corrected'],
    ],
    'corrected',
    2,
  ],
  [
    'a clock that steps back',
    [
      [0, 0, 'right'],
      [1, 1, 'right'],
      [-118, 2, 'back'],
      [-117, 3, 'still back'],
    ],
    'still back',
    3,
  ],
  [
    'a clock that was ahead and steps back too far',
    [
      [120, 0, 'ahead'],
      [-118, 2, 'back'],
      [-117, 3, 'still back'],
    ],
    'still back',
    3,
  ],
  [
    'a clock that is behind, and an older event sent again in between',
    [
      [-120, 0, 'first'],
      [-119, 1, 'second'],
      [-500, 1.5, 'retried'],
    ],
    'second',
    1,
  ],
  [
    'a clock that is behind, and an older event before the next',
    [
      [-120, 0, 'first'],
      [-500, 0.5, 'retried'],
      [-119, 1, 'second'],
    ],
    'second',
    1,
  ],
  [
    'a backfill of old events',
    [
      [0, 0, 'present'],
      [-300, 5, 'old'],
      [-299, 5, 'older'],
    ],
    'present',
    0,
  ],
  // A day of events, one every four minutes, in hourly requests that take two and a half seconds
  // each.
  [
    'an import of the previous day',
    Array.from(
      { length: 360 },
      (_, index) => [4 * index - 2880, Math.floor(index / 15) / 24, `event ${index}`] as const,
    ),
    'event 359',
    -1444,
  ],
  [
    'an import of the previous day, each night',
    [
      [-1500, 0, 'first'],
      [-60, 1440, 'second'],
    ],
    'second',
    -60,
  ],
  [
    'a client that catches up at double speed',
    [
      [-300, 0, 'first'],
      [-299, 0.5, 'second'],
      [-298, 1, 'third'],
    ],
    'third',
    -298,
  ],
  [
    'events sent again a day later at the same intervals, beside new ones',
    [
      [1440, 1440, 'new'],
      [0, 1440.1, 'old'],
      [1441, 1441, 'newer'],
      [1, 1441.1, 'older'],
    ],
    'newer',
    1441,
  ],
];
