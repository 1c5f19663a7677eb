// What the types of generated code allow and refuse. Checked by the type checker alone.
import type {
  GroupHandle,
  ResourceHandle,
  clusapi3,
  closeGroup,
  failResource,
  openGroup,
} from "@msrpc/ms-cmrp/clusapi3";
import type { onlineGroup, openGroupEx, enumValue } from "@msrpc/ms-cmrp/clusapi3";
import type { RequestOf, ResponseOf, ResultOf } from "@msrpc/rpc";

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the parameter is what is tested
declare function is<T>(value: T): void;
declare const group: GroupHandle;
declare const resource: ResourceHandle;

is<ResultOf<typeof openGroup>>(group);
is<ResultOf<typeof failResource>>(undefined);
is<RequestOf<typeof failResource>>({ resource });
is<ResponseOf<typeof closeGroup>>({ group: null, returnValue: 0 });
is<ResultOf<typeof openGroupEx>>({ returnValue: group, grantedAccess: 1 });
is<ResultOf<typeof onlineGroup>>({ returnValue: 997 });
is<keyof ResultOf<typeof enumValue>>("data");
is<keyof (typeof clusapi3)["operations"]>("openGroup");

// @ts-expect-error a handle of another type
is<RequestOf<typeof failResource>>({ resource: group });
// @ts-expect-error a handle that is closed has to be there
is<RequestOf<typeof closeGroup>>({ group: null });
// @ts-expect-error a count that the array decides is no member
is<keyof ResponseOf<typeof enumValue>>("lpcbData");

// A handle that is opened beside other results is there where the call succeeded.
declare const opened: ResultOf<typeof openGroupEx>;
is<GroupHandle>(opened.returnValue);
