// What every command about units starts with: the source, the systemd it is read for, the packs, the way to speak.

import type { CheckTexts } from "../report/check-text.ts";
import { checkTexts } from "../report/check-texts.ts";
import { visible } from "../report/escape-terminal.ts";
import { diagnosticLine, type Speak, speaker } from "../report/messages.ts";
import { coloured, type Paint, plain } from "../report/paint.ts";
import type { Diagnostic } from "../unit/tree.ts";
