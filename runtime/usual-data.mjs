/** Where Drillbook keeps its data when nobody says otherwise, below the folder that it is started in. */
export const usualData = ".drillbook";
