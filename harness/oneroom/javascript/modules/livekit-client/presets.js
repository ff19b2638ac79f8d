// Presets of livekit-client 2.23.0 for what is captured and sent. Bit rates mean nothing here: no media is encoded.

export class VideoPreset {
    constructor(width, height, maxBitrate, maxFramerate, priority) {
        this.width = width;
        this.height = height;
        this.aspectRatio = width / height;
        this.encoding = {maxBitrate, maxFramerate, ...(priority && {priority})};
    }
    get resolution() {
        const {width, height, aspectRatio, encoding: {maxFramerate}} = this;
        return {width, height, frameRate: maxFramerate, aspectRatio};
    }
}

export const VideoPresets = {
    h90: new VideoPreset(160, 90, 90000, 20),
    h180: new VideoPreset(320, 180, 160000, 20),
    h216: new VideoPreset(384, 216, 180000, 20),
    h360: new VideoPreset(640, 360, 450000, 20),
    h540: new VideoPreset(960, 540, 800000, 25),
    h720: new VideoPreset(1280, 720, 1700000, 30),
    h1080: new VideoPreset(1920, 1080, 3000000, 30),
    h1440: new VideoPreset(2560, 1440, 5000000, 30),
    h2160: new VideoPreset(3840, 2160, 8000000, 30),
};
export const VideoPresets43 = {
    h120: new VideoPreset(160, 120, 70000, 20),
    h180: new VideoPreset(240, 180, 125000, 20),
    h240: new VideoPreset(320, 240, 140000, 20),
    h360: new VideoPreset(480, 360, 330000, 20),
    h480: new VideoPreset(640, 480, 500000, 20),
    h540: new VideoPreset(720, 540, 600000, 25),
    h720: new VideoPreset(960, 720, 1300000, 30),
    h1080: new VideoPreset(1440, 1080, 2300000, 30),
    h1440: new VideoPreset(1920, 1440, 3800000, 30),
};
export const ScreenSharePresets = {
    h360fps3: new VideoPreset(640, 360, 200000, 3, 'medium'),
    h360fps15: new VideoPreset(640, 360, 400000, 15, 'medium'),
    h720fps5: new VideoPreset(1280, 720, 800000, 5, 'medium'),
    h720fps15: new VideoPreset(1280, 720, 1500000, 15, 'medium'),
    h720fps30: new VideoPreset(1280, 720, 2000000, 30, 'medium'),
    h1080fps15: new VideoPreset(1920, 1080, 2500000, 15, 'medium'),
    h1080fps30: new VideoPreset(1920, 1080, 5000000, 30, 'medium'),
    original: new VideoPreset(0, 0, 7000000, 30, 'medium'),
};
export const AudioPresets = {
    telephone: {maxBitrate: 12000},
    speech: {maxBitrate: 24000},
    music: {maxBitrate: 48000},
    musicStereo: {maxBitrate: 64000},
    musicHighQuality: {maxBitrate: 96000},
    musicHighQualityStereo: {maxBitrate: 128000},
};
