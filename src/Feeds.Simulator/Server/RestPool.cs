namespace Feeds.Simulator.Server;

/// <summary>Which of the venue's budgets a request counts against.</summary>
internal enum RestPool
{
    /// <summary>Weight per minute.</summary>
    Weight,

    /// <summary>Requests per five minutes: <c>fundingRate</c> and <c>fundingInfo</c> together.</summary>
    Funding,

    /// <summary>Requests per five minutes: all of <c>/futures/data</c> together.</summary>
    Statistics,
}
