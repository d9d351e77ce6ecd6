using Feeds.Core;

namespace Feeds.Commands;

/// <summary>No node answers at an address.</summary>
internal sealed class UnreachableException(string message, Exception inner) : FeedsException(message, inner);
