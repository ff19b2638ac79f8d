// What the user can click, by the names that the steps of a scenario have.
import { user } from 'oneroom';
import { useVoice } from './voiceStore';

const voice = useVoice.getState();
user({ connect: voice.join, disconnect: voice.leave, toggleMute: voice.toggleMute });
