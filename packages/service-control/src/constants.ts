/** Numbers of [MS-SCMR] that its IDL leaves to its text. */
import type { GenericMapping } from "@msrpc/auth";

/** Types of services; `interactive` goes with the processes (2.2.47). */
export const serviceTypes = {
  kernelDriver: 0x01,
  fileSystemDriver: 0x02,
  ownProcess: 0x10,
  shareProcess: 0x20,
  interactive: 0x100,
} as const;

/** When services start (3.1.4.11). */
export const startTypes = { boot: 0, system: 1, auto: 2, demand: 3, disabled: 4 } as const;

/** What is done where a service doesn't start (3.1.4.11). */
export const errorControls = { ignore: 0, normal: 1, severe: 2, critical: 3 } as const;

/** What services are doing (2.2.47). */
export const serviceStates = {
  stopped: 1,
  startPending: 2,
  stopPending: 3,
  running: 4,
  continuePending: 5,
  pausePending: 6,
  paused: 7,
} as const;

/** What services can be told (3.1.4.2). Codes from 128 to 255 are theirs. */
export const serviceControls = {
  stop: 1,
  pause: 2,
  continue: 3,
  interrogate: 4,
  paramChange: 6,
  netBindAdd: 7,
  netBindRemove: 8,
  netBindEnable: 9,
  netBindDisable: 10,
} as const;

/** Which of that a service takes (2.2.47). */
export const accepts = {
  stop: 0x01,
  pauseContinue: 0x02,
  shutdown: 0x04,
  paramChange: 0x08,
  netBindChange: 0x10,
  hardwareProfileChange: 0x20,
  powerEvent: 0x40,
  sessionChange: 0x80,
  preshutdown: 0x100,
} as const;

/** Rights to the service control manager (3.1.4). */
export const managerRights = {
  connect: 0x01,
  createService: 0x02,
  enumerateService: 0x04,
  lock: 0x08,
  queryLockStatus: 0x10,
  modifyBootConfig: 0x20,
} as const;

/** Rights to services (3.1.4). */
export const serviceRights = {
  queryConfig: 0x01,
  changeConfig: 0x02,
  queryStatus: 0x04,
  enumerateDependents: 0x08,
  start: 0x10,
  stop: 0x20,
  pauseContinue: 0x40,
  interrogate: 0x80,
  userDefinedControl: 0x100,
  setStatus: 0x8000,
} as const;

export const managerMapping: GenericMapping = {
  read: 0x0002_0014,
  write: 0x0002_0022,
  execute: 0x0002_0009,
  all: 0x000f_003f,
};

export const serviceMapping: GenericMapping = {
  read: 0x0002_008d,
  write: 0x0002_0002,
  execute: 0x0002_0170,
  all: 0x000f_01ff,
};

/** Bits of a notification's mask (2.2.43). */
export const notifyMasks = {
  stopped: 0x001,
  startPending: 0x002,
  stopPending: 0x004,
  running: 0x008,
  continuePending: 0x010,
  pausePending: 0x020,
  paused: 0x040,
  created: 0x080,
  deleted: 0x100,
  deletePending: 0x200,
} as const;

/** Members that stay as they are (3.1.4.11). */
export const noChange = 0xffff_ffff;

/** win32ExitCode of a service that nobody has started yet (3.1.4.7). */
export const neverStarted = 1077;
