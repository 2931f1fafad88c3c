namespace Federation.Planning.Live;

/// <summary>The largest of many figures while they change one by one: O(1) to read, O(log n) to change. None is negative.</summary>
internal sealed class MaxTree
{
    private readonly int leaves;
    private readonly double[] nodes;
    private readonly int[] mark;
    private readonly int[] stack = new int[128];
    private int marking;

    /// <summary>So many figures, all 0.</summary>
    public MaxTree(int count)
    {
        leaves = 1;
        while (leaves < count)
        {
            leaves *= 2;
        }

        nodes = new double[leaves * 2];
        mark = new int[leaves];
    }

    /// <summary>The largest.</summary>
    public double Max => nodes[1];

    /// <summary>One figure.</summary>
    public double this[int index] => nodes[leaves + index];

    /// <summary>The index of a largest.</summary>
    public int ArgMax()
    {
        var node = 1;
        while (node < leaves)
        {
            node *= 2;
            node += nodes[node] == nodes[node / 2] ? 0 : 1;
        }

        return node - leaves;
    }

    /// <summary>Changes one figure.</summary>
    public void Set(int index, double value)
    {
        var node = leaves + index;
        nodes[node] = value;
        while (node > 1)
        {
            node /= 2;
            var larger = Math.Max(nodes[node * 2], nodes[(node * 2) + 1]);
            if (nodes[node] == larger)
            {
                return;
            }

            nodes[node] = larger;
        }
    }

    /// <summary>Sets all figures to 0.</summary>
    public void Clear() => Array.Clear(nodes);

    /// <summary>Begins a set of figures to leave out of <see cref="MaxOfOthers"/>.</summary>
    public void BeginLeavingOut() => marking++;

    /// <summary>Adds a figure to that set.</summary>
    public void LeaveOut(int index) => mark[index] = marking;

    /// <summary>The largest of the figures that are not left out; 0 if all are. O(left out x log n).</summary>
    public double MaxOfOthers()
    {
        double best = 0;
        var depth = 0;
        stack[depth++] = 1;
        while (depth > 0)
        {
            var node = stack[--depth];
            if (nodes[node] <= best)
            {
                continue;
            }

            if (node >= leaves)
            {
                best = mark[node - leaves] == marking ? best : nodes[node];
                continue;
            }

            // The larger half last, so that it is looked at first and rules out most of the rest.
            var (left, right) = (node * 2, (node * 2) + 1);
            (left, right) = nodes[left] > nodes[right] ? (right, left) : (left, right);
            stack[depth++] = left;
            stack[depth++] = right;
        }

        return best;
    }
}
