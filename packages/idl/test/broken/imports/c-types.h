typedef struct { HWND handle; } WINDOW;
typedef struct { long width; } SIZE;
typedef HICON ICON;
