/** How a value of a shape is read. */
export type StepKind = 'number' | 'degrees' | 'flag' | 'text' | 'vehicle' | 'time' | 'eventId' | 'noCodes' | 'skipped';

/** The bytes before one value, its opening quote or bracket included, and how the value is read. */
export interface Step {
  readonly literal: Uint8Array;
  readonly kind: StepKind;
  /** Where the value goes: a place in the row's values, or a text field. */
  readonly place: number;
  /** What a number may be. */
  readonly min: number;
  readonly max: number;
}

/** The values of one object in the order they stand in, and the bytes that end it. */
export interface Shape {
  readonly steps: readonly Step[];
  readonly tail: Uint8Array;
}

/** Longest literal of a shape in bytes; a reader looks this far, and one value's first bytes, beyond the end it is given. */
export const MAX_LITERAL_BYTES = 96;

const FOUR_DIGITS = `w=view.getInt32(p,true)^0x30303030;
if((((w+0x76767676)|w)&0x80808080)===0){w=Math.imul(w,10)+(w>>>8);n=(Math.imul(n,10000)+Math.imul(w&255,100)+((w>>>16)&255))|0;p+=4;}`;
const MORE_DIGITS = `for(;p<end;p++){d=bytes[p]-48;if(d>>>0>9)break;n=(Math.imul(n,10)+d)|0;}`;

/**
 * Digits are added up as an integer, of a fraction the first four in one word; more than nine in all are read again by
 * `longInteger`. What may follow a number is up to the literal that comes next.
 */
const NUMBER = `c=bytes[p];negative=c===45;if(negative)c=bytes[++p];first=p;n=c-48;if(n>>>0>9)return -1;
c=bytes[++p];d=c-48;if(d>>>0<=9){if(n===0)return -1;n=n*10+d;p++;${MORE_DIGITS}c=bytes[p];}
digits=p-first;number=n;
if(c===46){q=++p;${FOUR_DIGITS}
${MORE_DIGITS}
q=p-q;digits+=q;if(q===0||digits>15)return -1;number=(digits>9?longInteger(bytes,first,p):n)/powersOfTen[q];
}else if(digits>9){if(digits>15)return -1;number=longInteger(bytes,first,p);}
if(negative)number=-number;`;

/** Leaves in `q` where the string at `p` ends; see `stringEnd`, whose tests for a quote and for control bytes are one here. */
const STRING = `for(q=p;;q+=4){if(q>=end)return -1;w=view.getInt32(q,true);x=w^0x02020202;y=w^0x5c5c5c5c;
x=(((x-0x21212121)&~x)|((y-0x01010101)&~y))&0x80808080;if(x!==0)break;}
q+=(31-Math.clz32(x&-x))>>3;if(q>=end||bytes[q]!==34)return -1;`;

const IS_NULL = 'view.getInt32(p,true)===0x6c6c756e';

const FLAG = `w=view.getInt32(p,true);if(w===0x65757274){number=1;p+=4;}
else if(w===0x736c6166&&bytes[p+4]===101){number=0;p+=5;}else if(${IS_NULL}){number=NaN;p+=4;}else return -1;`;

function textSource(place: number): string {
  return `textStart[${place}]=p;textLength[${place}]=q-p;p=q;`;
}

function valueSource({ kind, place, min, max }: Step): string {
  switch (kind) {
    case 'degrees':
      return `${NUMBER}if(!(number>=${min}&&number<=${max}))return -1;values[${place}]=number;`;
    case 'number':
      return `if(${IS_NULL}){number=NaN;p+=4;}
else{${NUMBER}if(!(number>=${min}&&number<=${max}))return -1;}values[${place}]=number;touched[count++]=${place};`;
    case 'flag':
      return `${FLAG}values[${place}]=number;touched[count++]=${place};`;
    case 'vehicle':
      return `${STRING}if(q===p||q-p>maxIdBytes)return -1;${textSource(place)}`;
    case 'text':
      return `${STRING}${textSource(place)}`;
    case 'eventId':
      return `${STRING}if(q>p)fingerprint(view,p,q,row);p=q;`;
    case 'time':
      return 'p=times.readText(bytes,view,p,end);if(p<0)return -1;row.timeMs=times.ms;';
    case 'noCodes':
      return `q=p;${textSource(place)}`;
    default:
      return 'p=skipValue(bytes,p,end);if(p<0)return -1;';
  }
}

/** Compares the literal with the bytes at `p`, eight at a time, and goes past it. */
function literalSource(literal: Uint8Array): string {
  const view = new DataView(literal.buffer, literal.byteOffset, literal.length);
  const tests: string[] = [];
  const int = (at: number): number => tests.push(`view.getInt32(p+${at},true)!==${view.getInt32(at, true)}`);
  const word = (at: number): void => {
    const double = view.getFloat64(at, true);
    // Two equal doubles have equal bytes, but for zeros and NaNs.
    if (double !== 0 && Number.isFinite(double)) tests.push(`view.getFloat64(p+${at},true)!==${double}`);
    else {
      int(at);
      int(at + 4);
    }
  };
  const n = literal.length;
  if (n >= 8) {
    for (let at = 0; at < n; at += 8) word(Math.min(at, n - 8));
  } else if (n >= 4) {
    int(0);
    if (n > 4) int(n - 4);
  } else for (let at = 0; at < n; at++) tests.push(`bytes[p+${at}]!==${literal[at]}`);
  return n === 0 ? '' : `if(${tests.join('||')})return -1;p+=${n};`;
}

/**
 * Source of a function (bytes, view, p, end, row) that reads the objects of one shape straight through: every offset, word
 * and place in it is a number, nothing of a message's text is in it. It answers where the object ends, or -1 when anything
 * is not as expected; the row is then half filled.
 */
export function shapeSource({ steps, tail }: Shape): string {
  const body = steps.map((step) => `${literalSource(step.literal)}\n${valueSource(step)}\n`).join('');
  return `'use strict';return (bytes,view,p,end,row)=>{
const {values,touched,textStart,textLength}=row;
let q=0,w=0,x=0,y=0,c=0,d=0,n=0,first=0,digits=0,count=0,negative=false,number=0.5;
${body}${literalSource(tail)}
row.touchedCount=count;return p;}`;
}
