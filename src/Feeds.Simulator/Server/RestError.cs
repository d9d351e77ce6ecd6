namespace Feeds.Simulator.Server;

/// <summary>An error of the venue with its code and text, answered with status 400 unless it says otherwise.</summary>
internal sealed record RestError(int Code, string Message, int Status = 400)
{
    public static readonly RestError InvalidSymbol = new(-1121, "Invalid symbol.");
    public static readonly RestError InvalidInterval = new(-1120, "Invalid interval.");
    public static readonly RestError InvalidDepthLimit = new(-4021, "Invalid depth limit.");
    public static readonly RestError OlderThanTwoDays = new(
        -4166, "Search window is restricted to recent 2 days only.");
    public static readonly RestError NotTrading = new(
        -4108, "Symbol is on delivering or delivered or settling or closed or pre-trading.");

    /// <summary>A parameter whose value is not allowed.</summary>
    public static RestError Parameter(string name) => new(-1130, $"Data sent for parameter '{name}' is not valid.");

    /// <summary>A parameter that is missing.</summary>
    public static RestError Missing(string name) =>
        new(-1102, $"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.");
}
