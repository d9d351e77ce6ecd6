namespace Feeds.Core.Symbols;

/// <summary>The words for outcomes of admission in metrics, logs and rows.</summary>
public static class AdmissionReasons
{
    private static readonly string[] Reasons =
    [
        "accepted", "duplicate", "out_of_order", "invalid_price", "invalid_quantity", "invalid_time", "crossed_book",
        "empty_book",
        "invalid_record", "unknown_kind",
    ];

    /// <summary>How many outcomes there are.</summary>
    public static int Count => Reasons.Length;

    /// <summary>Returns the word, such as <c>crossed_book</c>.</summary>
    public static string Reason(this Admission admission) => Reasons[(int)admission];

    /// <summary>True when the event was broken, not merely known already.</summary>
    public static bool IsRejection(this Admission admission) => admission >= Admission.InvalidPrice;
}
