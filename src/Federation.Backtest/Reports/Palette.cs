namespace Federation.Backtest.Reports;

/// <summary>Colours that people with any colour vision can tell apart. Source: Okabe and Ito, 2008.</summary>
internal static class Palette
{
    private static readonly string[] Colours =
        ["#0072b2", "#777777", "#d55e00", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#b8a800", "#332288", "#000000"];

    /// <summary>The colour of the nth thing.</summary>
    public static string Of(int index) => Colours[index % Colours.Length];
}
