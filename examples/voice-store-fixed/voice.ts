// What the user can click, by the names that the steps of a scenario have.
import { user } from 'oneroom';
import { useVoice, voice } from './voiceStore';

const { join, leave, toggleMute } = useVoice.getState();
user({
  connect: join,
  disconnect: leave,
  toggleMute,
  toggleCamera: () => voice.toggleCamera(),
  toggleScreenShare: () => voice.toggleScreenShare(),
});
