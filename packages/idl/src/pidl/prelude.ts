/**
 * The types that Samba's compiler has built in, in terms of this one's: what is sent of them is the same.
 *
 * Times of 64 bits are two halves, as they align at 4 octets.
 */
export const PIDL_TYPES = `
typedef small int8;
typedef unsigned small uint8;
typedef short int16;
typedef unsigned short uint16;
typedef long int32;
typedef unsigned long uint32;
typedef hyper int64;
typedef unsigned hyper uint64;
typedef __int3264 int3264;
typedef unsigned __int3264 uint3264;
typedef uint8 uint8_t;
typedef uint16 uint16_t;
typedef uint32 uint32_t;
typedef uint64 uint64_t;
typedef uint8 boolean8;
typedef uint32 boolean32;
typedef uint32 DWORD;
typedef uint16 WORD;
typedef uint32 mode_t;
typedef uint32 uint;
typedef uint64 HYPER_T;
typedef uint32 time_t;
typedef uint64 uid_t;
typedef uint64 gid_t;
typedef uint32 ipv4address;
typedef long NTSTATUS;
typedef uint32 WERROR;
typedef uint32 COMRESULT;
typedef long HRESULT;
typedef uint64 NTTIME_1sec;
typedef uint64 NTTIME_hyper;
typedef struct { uint32 low; uint32 high; } udlong;
typedef struct { uint32 low; long high; } dlong;
typedef struct { uint32 low; uint32 high; } NTTIME;
typedef struct { uint8 octets[28]; } dom_sid28;
typedef struct {
  uint8 sid_rev_num;
  uint8 num_auths;
  uint8 id_auth[6];
  [size_is(num_auths)] uint32 sub_auths[];
} dom_sid2;
`;

/** Declared anew in Samba's files by code of its own, which the types above take the place of. */
export const PIDL_OWN: ReadonlySet<string> = new Set(["dom_sid2", "dom_sid28"]);

/** Built-in types whose form hangs on flags, or is none of NDR. */
export const PIDL_UNMAPPED: ReadonlySet<string> = new Set([
  "string", "u16string", "string_array", "nbt_string", "dns_string", "wrepl_nbt_name", "dnsp_name",
  "dnsp_string", "ipv6address", "DATA_BLOB", "pointer", "udlongr", "libndr_flags",
  "ndr_flags_type", "dom_sid0", "int1632", "uint1632", "timeval", "timespec",
]); // prettier-ignore
