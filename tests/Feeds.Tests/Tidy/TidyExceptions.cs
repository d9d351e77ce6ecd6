namespace Feeds.Tests.Tidy;

/// <summary>
/// The short list: places that may break a rule, each with its reason. One that is not needed any more fails.
/// </summary>
internal static class TidyExceptions
{
    public static IReadOnlyList<TidyException> All { get; } = [];
}
