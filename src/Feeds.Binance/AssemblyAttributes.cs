using System.Runtime.CompilerServices;

// The decoder's methods have many locals, and clearing them would cost as much as reading a number.
[module: SkipLocalsInit]
