namespace Feeds.Storage.Journals;

/// <summary>Something wrong in a journal.</summary>
/// <param name="Path">Which file.</param>
/// <param name="Offset">Where it begins, bytes from the file's start.</param>
/// <param name="Bytes">How many bytes are concerned; 0 when it is not a matter of bytes.</param>
/// <param name="What">What is wrong, one sentence.</param>
public sealed record JournalFault(string Path, long Offset, long Bytes, string What);
