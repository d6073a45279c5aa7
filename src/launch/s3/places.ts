import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { problemOf } from '../../errors';
import type { Problem, S3Entry, S3Listing } from '../../generated';

/** The route that lists buckets (of no uri), or what is below a prefix. */
export interface IPlaceRoutes {
  launchBrowse(uri: string): Promise<S3Listing>;
}

export type Crumb = { name: string; uri: string };

/** Folders of S3, each read when it is first opened. */
export class Places {
  constructor(private _routes: IPlaceRoutes) {}

  /** The folder that is looked at; empty for the list of buckets. */
  uri = '';
  listing: S3Listing | null = null;
  reading = false;
  /** Why there is no listing, or not all of it. */
  problem: Problem | null = null;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Look into a folder; the latest one that was asked for is shown. */
  async open(uri: string): Promise<void> {
    this.uri = uri;
    this.problem = null;
    this.listing = this._read.get(uri) ?? null;
    this.reading = this.listing === null;
    this._changed.emit();
    if (this.listing !== null) {
      this.problem = this.listing.problem;
      this._changed.emit();
      return;
    }
    try {
      const listing = await this._routes.launchBrowse(uri);
      if (!listing.problem) {
        this._read.set(uri, listing);
      }
      this._settle(uri, listing, listing.problem);
    } catch (error) {
      this._settle(uri, null, problemOf(error));
    }
  }

  private _settle(
    uri: string,
    listing: S3Listing | null,
    problem: Problem | null
  ): void {
    if (uri === this.uri) {
      this.listing = listing;
      this.problem = problem;
      this.reading = false;
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _read = new Map<string, S3Listing>();
}

/** The way from the list of buckets to a folder. */
export function crumbs(uri: string): Crumb[] {
  const parts = uri.replace(SCHEME, '').split('/').filter(Boolean);
  return parts.map((name, at) => ({
    name,
    uri: `s3://${parts.slice(0, at + 1).join('/')}/`
  }));
}

/** The folder around a folder or an object; of a bucket it is the list of buckets. */
export function parentOf(uri: string): string {
  const all = crumbs(uri);
  return all.length > 1 ? all[all.length - 2].uri : '';
}

/** Where to begin for what a field says: in that folder, or the one around that object. */
export function startOf(uri: string): string {
  const text = uri.trim();
  if (!SCHEME.test(text)) {
    return '';
  }
  return text.endsWith('/') || crumbs(text).length === 1
    ? address(text)
    : parentOf(text);
}

/** What was typed as the place to look at: a bucket, a folder, or how names begin. */
export function address(text: string): string {
  const uri = `s3://${text.trim().replace(SCHEME, '')}`;
  const all = crumbs(uri);
  return all.length > 1 ? uri : (all[0]?.uri ?? '');
}

export function isFolder(entry: S3Entry): boolean {
  return entry.name.endsWith('/') || crumbs(entry.uri).length === 1;
}

const SCHEME = /^s3:\/\//;
