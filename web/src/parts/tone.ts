/** The meaning of a colour. A page never names a colour, only what it stands for. */
export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info' | 'accent';
