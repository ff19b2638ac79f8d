/** A page with a `Voice` in front of a Room that connects to nobody. */

import { CommandVerb } from 'oneroom-core';
import { Voice } from 'BROWSER';

class Emitter {
  private readonly listeners = new Map<string, ((...told: unknown[]) => void)[]>();

  on(name: string, listener: (...told: unknown[]) => void): this {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    return this;
  }

  emit(name: string, ...told: unknown[]): void {
    for (const listener of this.listeners.get(name) ?? []) listener(...told);
  }
}

class Track extends Emitter {
  constructor(
    readonly source: string,
    public isMuted = false,
  ) {
    super();
  }

  async mute(): Promise<void> {
    this.isMuted = true;
  }

  async unmute(): Promise<void> {
    this.isMuted = false;
  }
}

class LocalParticipant {
  readonly identity = 'ada';
  readonly sid = 'PA_1';
  readonly isLocal = true;
  readonly isSpeaking = false;
  readonly isScreenShareEnabled = false;
  readonly trackPublications = new Map<string, unknown>();

  get isMicrophoneEnabled(): boolean {
    return [...this.trackPublications.values()].some((one) => !(one as Track).isMuted);
  }

  get isCameraEnabled(): boolean {
    return this.trackPublications.has('camera');
  }

  async createTracks(wanted: { audio: boolean; video: boolean }): Promise<Track[]> {
    return [new Track(wanted.audio ? 'microphone' : 'camera')];
  }

  async publishTrack(track: Track): Promise<void> {
    const { source } = track;
    const isMuted = (): boolean => track.isMuted;
    const publication = {
      source,
      track,
      mute: () => track.mute(),
      unmute: () => track.unmute(),
      get isMuted() {
        return isMuted();
      },
    };
    this.trackPublications.set(source, publication);
  }

  async unpublishTrack(track: Track): Promise<void> {
    this.trackPublications.delete(track.source);
  }
}

class Room extends Emitter {
  readonly localParticipant = new LocalParticipant();
  readonly remoteParticipants = new Map();

  async connect(): Promise<void> {
    await new Promise((done) => setTimeout(done, 20));
  }

  async disconnect(): Promise<void> {
    this.emit('disconnected', 1);
  }
}

const search = new URLSearchParams(location.search);
const voice = new Voice({
  url: 'wss://nobody.example',
  mint: async () => ({ token: 'secret', validSeconds: 3600 }),
  room: () => new Room() as never,
  user: 'ada',
  main: search.has('main'),
});
Object.assign(globalThis, { voice, CommandVerb });
