/** "ms-dcom.idl": the types and interfaces of [MS-DCOM] appendix A that others build on. */

export const MS_DCOM: string = `
import "ms-dtyp.idl";

#define REFGUID const GUID *
#define REFIID const IID *

typedef GUID CLSID, IID, IPID, CID;
typedef unsigned hyper ID, OXID, OID, SETID;
typedef REFGUID REFIPID;

typedef struct tagCOMVERSION {
  unsigned short MajorVersion;
  unsigned short MinorVersion;
} COMVERSION;

typedef struct tagORPC_EXTENT {
  GUID id;
  unsigned long size;
  [size_is((size + 7) & ~7)] byte data[];
} ORPC_EXTENT;

typedef struct tagORPC_EXTENT_ARRAY {
  unsigned long size;
  unsigned long reserved;
  [size_is((size + 1) & ~1,), unique] ORPC_EXTENT **extent;
} ORPC_EXTENT_ARRAY;

typedef struct tagORPCTHIS {
  COMVERSION version;
  unsigned long flags;
  unsigned long reserved1;
  CID cid;
  [unique] ORPC_EXTENT_ARRAY *extensions;
} ORPCTHIS;

typedef struct tagORPCTHAT {
  unsigned long flags;
  [unique] ORPC_EXTENT_ARRAY *extensions;
} ORPCTHAT;

typedef struct tagDUALSTRINGARRAY {
  unsigned short wNumEntries;
  unsigned short wSecurityOffset;
  [size_is(wNumEntries)] unsigned short aStringArray[];
} DUALSTRINGARRAY;

typedef struct tagMInterfacePointer {
  unsigned long ulCntData;
  [size_is(ulCntData)] byte abData[];
} MInterfacePointer;
typedef [unique] MInterfacePointer *PMInterfacePointer;

typedef struct tagErrorObjectData {
  DWORD dwVersion;
  DWORD dwHelpContext;
  IID iid;
  [unique, string] wchar_t *pszSource;
  [unique, string] wchar_t *pszDescription;
  [unique, string] wchar_t *pszHelpFile;
} ErrorObjectData;

typedef struct tagSTDOBJREF {
  unsigned long flags;
  unsigned long cPublicRefs;
  OXID oxid;
  OID oid;
  IPID ipid;
} STDOBJREF;

typedef struct tagREMQIRESULT {
  HRESULT hResult;
  STDOBJREF std;
} REMQIRESULT;
typedef [disable_consistency_check] REMQIRESULT *PREMQIRESULT;

typedef struct tagREMINTERFACEREF {
  IPID ipid;
  unsigned long cPublicRefs;
  unsigned long cPrivateRefs;
} REMINTERFACEREF;

[object, uuid(00000000-0000-0000-C000-000000000046), pointer_default(unique)]
interface IUnknown {
  HRESULT Opnum0NotUsedOnWire(void);
  HRESULT Opnum1NotUsedOnWire(void);
  HRESULT Opnum2NotUsedOnWire(void);
}

[object, uuid(00000131-0000-0000-C000-000000000046), pointer_default(unique)]
interface IRemUnknown : IUnknown {
  HRESULT RemQueryInterface([in] REFIPID ripid, [in] unsigned long cRefs,
      [in] unsigned short cIids, [in, size_is(cIids)] IID *iids,
      [out, size_is(, cIids)] PREMQIRESULT *ppQIResults);
  HRESULT RemAddRef([in] unsigned short cInterfaceRefs,
      [in, size_is(cInterfaceRefs)] REMINTERFACEREF InterfaceRefs[],
      [out, size_is(cInterfaceRefs)] HRESULT *pResults);
  HRESULT RemRelease([in] unsigned short cInterfaceRefs,
      [in, size_is(cInterfaceRefs)] REMINTERFACEREF InterfaceRefs[]);
}
`;
