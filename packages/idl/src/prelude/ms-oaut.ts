/** "ms-oaut.idl": the types of [MS-OAUT] appendix A, as they go over the wire, and IDispatch. */

const VARIANT_TYPES = [
  ["EMPTY", 0x00], ["NULL", 0x01], ["I2", 0x02], ["I4", 0x03], ["R4", 0x04], ["R8", 0x05],
  ["CY", 0x06], ["DATE", 0x07], ["BSTR", 0x08], ["DISPATCH", 0x09], ["ERROR", 0x0a],
  ["BOOL", 0x0b], ["VARIANT", 0x0c], ["UNKNOWN", 0x0d], ["DECIMAL", 0x0e], ["I1", 0x10],
  ["UI1", 0x11], ["UI2", 0x12], ["UI4", 0x13], ["I8", 0x14], ["UI8", 0x15], ["INT", 0x16],
  ["UINT", 0x17], ["VOID", 0x18], ["HRESULT", 0x19], ["PTR", 0x1a], ["SAFEARRAY", 0x1b],
  ["CARRAY", 0x1c], ["USERDEFINED", 0x1d], ["LPSTR", 0x1e], ["LPWSTR", 0x1f], ["RECORD", 0x24],
  ["INT_PTR", 0x25], ["UINT_PTR", 0x26], ["ARRAY", 0x2000], ["BYREF", 0x4000],
] as const; // prettier-ignore

/** Value, and member name without its prefix, of what a VARIANT holds by value and by reference. */
const VARIANT_ARMS = [
  ["I8", "LONGLONG", "llVal"], ["I4", "LONG", "lVal"], ["UI1", "BYTE", "bVal"],
  ["I2", "SHORT", "iVal"], ["R4", "FLOAT", "fltVal"], ["R8", "DOUBLE", "dblVal"],
  ["BOOL", "VARIANT_BOOL", "boolVal"], ["ERROR", "HRESULT", "scode"], ["CY", "CURRENCY", "cyVal"],
  ["DATE", "DATE", "date"], ["BSTR", "BSTR", "bstrVal"], ["UNKNOWN", "IUnknown *", "unkVal"],
  ["DISPATCH", "IDispatch *", "dispVal"], ["ARRAY", "PSAFEARRAY", "array"], ["I1", "CHAR", "cVal"],
  ["UI2", "USHORT", "uiVal"], ["UI4", "ULONG", "ulVal"], ["UI8", "ULONGLONG", "ullVal"],
  ["INT", "INT", "intVal"], ["UINT", "UINT", "uintVal"], ["DECIMAL", "DECIMAL", "decVal"],
] as const; // prettier-ignore

/** The arms of interface pointers and arrays have a `p` in their names by value as well. */
function arm([vt, type, name]: (typeof VARIANT_ARMS)[number]): string {
  const isPointer = vt === "UNKNOWN" || vt === "DISPATCH" || vt === "ARRAY";
  const plain = isPointer ? `p${name}` : name;
  return `    [case(VT_${vt})] ${type} ${plain};
    [case(VT_${vt} | VT_BYREF)] ${type} *p${plain};`;
}

export const MS_OAUT: string = `
import "ms-dtyp.idl";
import "ms-dcom.idl";

typedef LONG SCODE;
typedef IID *REFIID;
typedef GUID *REFGUID;
typedef wchar_t OLECHAR;
typedef [string] wchar_t *LPOLESTR;
typedef [string] const wchar_t *LPCOLESTR;

interface IDispatch;
interface ITypeLib;
interface ITypeInfo;
typedef [unique] struct _wireSAFEARRAY *SAFEARRAY;
typedef [unique] SAFEARRAY *PSAFEARRAY, *LPSAFEARRAY;
typedef [unique] struct _wireVARIANT *VARIANT;

typedef unsigned short VARTYPE;
typedef enum tagVARENUM {
${VARIANT_TYPES.map(([name, value]) => `  VT_${name} = ${value}`).join(",\n")}
} VARENUM;

typedef [v1_enum] enum tagSF_TYPE {
  SF_ERROR = VT_ERROR,
  SF_I1 = VT_I1,
  SF_I2 = VT_I2,
  SF_I4 = VT_I4,
  SF_I8 = VT_I8,
  SF_BSTR = VT_BSTR,
  SF_UNKNOWN = VT_UNKNOWN,
  SF_DISPATCH = VT_DISPATCH,
  SF_VARIANT = VT_VARIANT,
  SF_RECORD = VT_RECORD,
  SF_HAVEIID = VT_UNKNOWN | 0x8000
} SF_TYPE;

typedef struct _FLAGGED_WORD_BLOB {
  unsigned long cBytes;
  unsigned long clSize;
  [size_is(clSize)] unsigned short asData[];
} FLAGGED_WORD_BLOB;
typedef [unique] FLAGGED_WORD_BLOB *BSTR;

typedef struct tagCY {
  __int64 int64;
} CURRENCY;
typedef double DATE;

typedef struct tagDEC {
  WORD wReserved;
  BYTE scale;
  BYTE sign;
  ULONG Hi32;
  ULONGLONG Lo64;
} DECIMAL;

typedef short VARIANT_BOOL;
#define VARIANT_TRUE ((VARIANT_BOOL)0xffff)
#define VARIANT_FALSE ((VARIANT_BOOL)0)

typedef struct _wireBRECORD {
  ULONG fFlags;
  ULONG clSize;
  MInterfacePointer *pRecInfo;
  [size_is(clSize)] byte *pRecord;
} wireBRECORDStr;
typedef [unique] struct _wireBRECORD *BRECORD;

typedef struct _wireVARIANT {
  DWORD clSize;
  DWORD rpcReserved;
  USHORT vt;
  USHORT wReserved1;
  USHORT wReserved2;
  USHORT wReserved3;
  [switch_type(ULONG), switch_is(vt)] union {
${VARIANT_ARMS.map((each) => arm(each)).join("\n")}
    [case(VT_RECORD, VT_RECORD | VT_BYREF)] BRECORD brecVal;
    [case(VT_VARIANT | VT_BYREF)] VARIANT *pvarVal;
    [case(VT_EMPTY, VT_NULL)] ;
  } _varUnion;
} wireVARIANTStr;

typedef struct tagSAFEARRAYBOUND {
  ULONG cElements;
  LONG lLbound;
} SAFEARRAYBOUND, *LPSAFEARRAYBOUND;

typedef struct _wireSAFEARR_BSTR {
  ULONG Size;
  [size_is(Size), ref] BSTR *aBstr;
} SAFEARR_BSTR;
typedef struct _wireSAFEARR_UNKNOWN {
  ULONG Size;
  [size_is(Size), ref] IUnknown **apUnknown;
} SAFEARR_UNKNOWN;
typedef struct _wireSAFEARR_DISPATCH {
  ULONG Size;
  [size_is(Size), ref] IDispatch **apDispatch;
} SAFEARR_DISPATCH;
typedef struct _wireSAFEARR_VARIANT {
  ULONG Size;
  [size_is(Size), ref] VARIANT *aVariant;
} SAFEARR_VARIANT;
typedef struct _wireSAFEARR_BRECORD {
  ULONG Size;
  [size_is(Size), ref] BRECORD *aRecord;
} SAFEARR_BRECORD;
typedef struct _wireSAFEARR_HAVEIID {
  ULONG Size;
  [size_is(Size), ref] IUnknown **apUnknown;
  IID iid;
} SAFEARR_HAVEIID;
typedef struct _BYTE_SIZEDARR {
  unsigned long clSize;
  [size_is(clSize)] byte *pData;
} BYTE_SIZEDARR;
typedef struct _SHORT_SIZEDARR {
  unsigned long clSize;
  [size_is(clSize)] unsigned short *pData;
} WORD_SIZEDARR;
typedef struct _LONG_SIZEDARR {
  unsigned long clSize;
  [size_is(clSize)] unsigned long *pData;
} DWORD_SIZEDARR;
typedef struct _HYPER_SIZEDARR {
  unsigned long clSize;
  [size_is(clSize)] hyper *pData;
} HYPER_SIZEDARR;

typedef union _wireSAFEARRAY_UNION switch (unsigned long sfType) u {
  case SF_BSTR: SAFEARR_BSTR BstrStr;
  case SF_UNKNOWN: SAFEARR_UNKNOWN UnknownStr;
  case SF_DISPATCH: SAFEARR_DISPATCH DispatchStr;
  case SF_VARIANT: SAFEARR_VARIANT VariantStr;
  case SF_RECORD: SAFEARR_BRECORD RecordStr;
  case SF_HAVEIID: SAFEARR_HAVEIID HaveIidStr;
  case SF_I1: BYTE_SIZEDARR ByteStr;
  case SF_I2: WORD_SIZEDARR WordStr;
  case SF_I4: DWORD_SIZEDARR LongStr;
  case SF_I8: HYPER_SIZEDARR HyperStr;
} SAFEARRAYUNION;

struct _wireSAFEARRAY {
  USHORT cDims;
  USHORT fFeatures;
  ULONG cbElements;
  ULONG cLocks;
  SAFEARRAYUNION uArrayStructs;
  [size_is(cDims)] SAFEARRAYBOUND rgsabound[];
};

typedef LONG DISPID;
typedef DISPID MEMBERID;
typedef DWORD HREFTYPE;

typedef struct tagDISPPARAMS {
  [size_is(cArgs)] VARIANT *rgvarg;
  [size_is(cNamedArgs)] DISPID *rgdispidNamedArgs;
  UINT cArgs;
  UINT cNamedArgs;
} DISPPARAMS;

typedef struct tagEXCEPINFO {
  WORD wCode;
  WORD wReserved;
  BSTR bstrSource;
  BSTR bstrDescription;
  BSTR bstrHelpFile;
  DWORD dwHelpContext;
  ULONG_PTR pvReserved;
  ULONG_PTR pfnDeferredFillIn;
  HRESULT scode;
} EXCEPINFO;

[object, uuid(00020400-0000-0000-C000-000000000046), pointer_default(unique)]
interface IDispatch : IUnknown {
  HRESULT GetTypeInfoCount([out] UINT *pctinfo);
  HRESULT GetTypeInfo([in] UINT iTInfo, [in] LCID lcid, [out] ITypeInfo **ppTInfo);
  HRESULT GetIDsOfNames([in] REFIID riid, [in, size_is(cNames)] LPOLESTR *rgszNames,
      [in, range(0, 16384)] UINT cNames, [in] LCID lcid,
      [out, size_is(cNames)] DISPID *rgDispId);
  HRESULT Invoke([in] DISPID dispIdMember, [in] REFIID riid, [in] LCID lcid,
      [in] DWORD dwFlags, [in] DISPPARAMS *pDispParams, [out] VARIANT *pVarResult,
      [out] EXCEPINFO *pExcepInfo, [out] UINT *pArgErr, [in] UINT cVarRef,
      [in, size_is(cVarRef)] UINT *rgVarRefIdx, [in, out, size_is(cVarRef)] VARIANT *rgVarRef);

  const DWORD DISPATCH_METHOD = 0x1;
  const DWORD DISPATCH_PROPERTYGET = 0x2;
  const DWORD DISPATCH_PROPERTYPUT = 0x4;
  const DWORD DISPATCH_PROPERTYPUTREF = 0x8;
  const DISPID DISPID_VALUE = 0;
  const DISPID DISPID_UNKNOWN = -1;
  const DISPID DISPID_PROPERTYPUT = -3;
  const DISPID DISPID_NEWENUM = -4;
}

[object, uuid(00020404-0000-0000-C000-000000000046), pointer_default(unique)]
interface IEnumVARIANT : IUnknown {
  HRESULT Next([in] ULONG celt,
      [out, size_is(celt), length_is(*pCeltFetched)] VARIANT *rgVar, [out] ULONG *pCeltFetched);
  HRESULT Skip([in] ULONG celt);
  HRESULT Reset(void);
  HRESULT Clone([out] IEnumVARIANT **ppEnum);
}
`;
