/** The built-in files by name, in lower case. */
import { PIDL_TYPES } from "../pidl/prelude.ts";
import { MS_DCOM } from "./ms-dcom.ts";
import { MS_DTYP } from "./ms-dtyp.ts";
import { MS_OAUT } from "./ms-oaut.ts";

/** Windows' own files say the same as those documents; the names that only they have are here. */
const WTYPES = `
import "ms-dtyp.idl";
import "ms-oaut.idl";

typedef unsigned short VARTYPE;
typedef CURRENCY CY;
typedef struct tagBLOB {
  ULONG cbSize;
  [size_is(cbSize)] BYTE *pBlobData;
} BLOB, *LPBLOB;
typedef struct _COAUTHIDENTITY {
  [size_is(UserLength + 1)] USHORT *User;
  [range(0, 256)] ULONG UserLength;
  [size_is(DomainLength + 1)] USHORT *Domain;
  [range(0, 256)] ULONG DomainLength;
  [size_is(PasswordLength + 1)] USHORT *Password;
  [range(0, 256)] ULONG PasswordLength;
  ULONG Flags;
} COAUTHIDENTITY;
`;

const OBJIDL = `
import "wtypes.idl";

[object, uuid(0c733a30-2a1c-11ce-ade5-00aa0044773d), pointer_default(unique)]
interface ISequentialStream : IUnknown {
  HRESULT RemoteRead([out, size_is(cb), length_is(*pcbRead)] byte *pv, [in] ULONG cb,
      [out] ULONG *pcbRead);
  HRESULT RemoteWrite([in, size_is(cb)] const byte *pv, [in] ULONG cb, [out] ULONG *pcbWritten);
}

[object, uuid(0000010c-0000-0000-C000-000000000046), pointer_default(unique)]
interface IPersist : IUnknown {
  HRESULT GetClassID([out] CLSID *pClassID);
}
`;

const AUTOMATION = `import "objidl.idl";\n`;

export const PRELUDE_FILES: Readonly<Record<string, string>> = {
  "pidl.idl": PIDL_TYPES,
  "idl_types.idl": "",
  "ms-dtyp.idl": MS_DTYP,
  "ms-dcom.idl": MS_DCOM,
  "ms-oaut.idl": MS_OAUT,
  "wtypesbase.idl": `import "ms-dcom.idl";\n`,
  "unknwn.idl": `import "ms-dcom.idl";\n`,
  "unknwnbase.idl": `import "ms-dcom.idl";\n`,
  "wtypes.idl": WTYPES,
  "objidl.idl": OBJIDL,
  "objidlbase.idl": AUTOMATION,
  "oleidl.idl": AUTOMATION,
  "oaidl.idl": AUTOMATION,
  "ocidl.idl": AUTOMATION,
};
